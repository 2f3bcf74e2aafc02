// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultloop.h"

#include "faultsocket.h"

#include <algorithm>
#include <cerrno>
#include <future>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace evalwright::test {

namespace {

constexpr quint64 listenId = 1, wakeId = 2;
constexpr qsizetype largestRequest = qsizetype{64} * 1024 * 1024;

void watch(int poll, int fd, quint64 id)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = id;
    if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) != 0)
        qFatal("epoll_ctl failed");
}

/// A request at the start of `in`: bytes of the head with its blank line, and of the body. 0 when the head is not
/// whole; -1 when it cannot be understood.
struct Frame
{
    qsizetype head = 0, body = 0;
};
Frame frameOf(const QByteArray &in, qsizetype &searched, FaultRequest &request)
{
    const qsizetype end = in.indexOf("\r\n\r\n", std::max<qsizetype>(0, searched - 3));
    searched = in.size();
    if (end < 0)
        return {};
    searched = end; // Found again at once when the body is not whole yet.
    const qsizetype lineEnd = in.indexOf("\r\n");
    const QList<QByteArray> words = in.left(lineEnd).split(' ');
    request.head = in.mid(lineEnd, end + 2 - lineEnd).toLower();
    const QByteArray length = request.header("content-length");
    bool ok = true;
    const qsizetype body = length.isEmpty() ? 0 : length.toLongLong(&ok);
    if (words.size() != 3 || !ok || body < 0 || body > largestRequest || !request.header("transfer-encoding").isEmpty())
        return {-1, 0};
    request.method = words[0];
    request.path = words[1];
    return {end + 4, body};
}

} // namespace

FaultServer::Loop::Loop(FaultServerOptions options)
    : m_options(std::move(options)), m_gate(m_options.rate), m_pace(m_options.pace), m_chunk(262144, Qt::Uninitialized)
{
    m_poll = epoll_create1(EPOLL_CLOEXEC);
    m_wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (m_poll < 0 || m_wake < 0)
        qFatal("no event loop can be made");
    watch(m_poll, m_wake, wakeId);
    m_holder = boundSocket(m_options.isIpv6, m_options.port);
    m_port = portOf(m_holder);
    listen();
    m_thread = std::thread([this] { run(); });
}

FaultServer::Loop::~Loop()
{
    m_isEnding = true;
    const quint64 one = 1;
    if (::write(m_wake, &one, sizeof one) != sizeof one)
        qFatal("the server cannot be woken");
    m_thread.join();
    for (const auto &[id, connection] : m_connections)
        close(connection.fd);
    for (const int fd : {m_listen, m_holder, m_poll, m_wake}) {
        if (fd >= 0)
            close(fd);
    }
}

void FaultServer::Loop::call(const std::function<void()> &task)
{
    std::promise<void> done;
    {
        const std::lock_guard lock(m_taskMutex);
        m_tasks.emplace_back([&] {
            task();
            done.set_value();
        });
    }
    const quint64 one = 1;
    if (::write(m_wake, &one, sizeof one) != sizeof one)
        qFatal("the server cannot be woken");
    done.get_future().wait();
}

void FaultServer::Loop::listen()
{
    m_listen = boundSocket(m_options.isIpv6, m_port);
    if (::listen(m_listen, 4096) != 0)
        qFatal("the server cannot listen");
    watch(m_poll, m_listen, listenId);
}

void FaultServer::Loop::refuse(int milliseconds)
{
    if (m_listen >= 0) {
        close(m_listen);
        m_listen = -1;
        // Without a listener until then; a second refusal meanwhile does not make it longer.
        m_timers.push({Clock::now() + std::chrono::milliseconds(milliseconds), 0, 0});
    }
    std::vector<Id> ids;
    for (const auto &[id, connection] : m_connections)
        ids.push_back(id);
    for (const Id id : ids)
        drop(id, FaultReply::End::Reset);
}

int FaultServer::Loop::closeIdle()
{
    std::vector<Id> ids;
    for (const auto &[id, connection] : m_connections) {
        if (connection.state == State::Reading && connection.in.isEmpty())
            ids.push_back(id);
    }
    for (const Id id : ids)
        drop(id, FaultReply::End::Close);
    return static_cast<int>(ids.size());
}

void FaultServer::Loop::run()
{
    constexpr int most = 128;
    epoll_event events[most];
    while (!m_isEnding) {
        int wait = -1;
        if (!m_timers.empty()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_timers.top().at - Clock::now()).count();
            wait = static_cast<int>(std::clamp<qint64>(left, 0, 60000));
        }
        const int count = epoll_wait(m_poll, events, most, wait);
        for (int i = 0; i < count; ++i) {
            const Id id = events[i].data.u64;
            if (id == wakeId)
                runTasks();
            else if (id == listenId)
                accept();
            else if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
                onReadable(id);
            if (id > wakeId && (events[i].events & EPOLLOUT))
                write(id);
        }
        // After the events: whoever went away is not answered any more.
        const auto now = Clock::now();
        while (!m_timers.empty() && m_timers.top().at <= now) {
            const Timer timer = m_timers.top();
            m_timers.pop();
            onTimer(timer);
        }
    }
}

void FaultServer::Loop::runTasks()
{
    quint64 count = 0;
    if (read(m_wake, &count, sizeof count) < 0 && errno != EAGAIN)
        qFatal("the wake-up cannot be read");
    std::deque<std::function<void()>> tasks;
    {
        const std::lock_guard lock(m_taskMutex);
        tasks.swap(m_tasks);
    }
    for (const auto &task : tasks)
        task();
}

void FaultServer::Loop::accept()
{
    for (;;) {
        if (m_listen < 0)
            return; // A task of the same round closed it.
        const int fd = accept4(m_listen, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0)
            return; // Nobody waits, or who waited is gone.
        const int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // Fails only if the client is gone already.
        const Id id = ++m_lastId;
        watch(m_poll, fd, id);
        Connection &connection = m_connections[id];
        connection.fd = fd;
        startIdleTimer(id, connection);
        const std::lock_guard lock(m_mutex);
        ++m_counts.connections;
        m_counts.mostConnections = std::max(m_counts.mostConnections, ++m_counts.openConnections);
    }
}

void FaultServer::Loop::onReadable(Id id)
{
    const auto found = m_connections.find(id);
    if (found == m_connections.end())
        return;
    Connection &connection = found->second;
    const ssize_t got = read(connection.fd, m_chunk.data(), static_cast<size_t>(m_chunk.size()));
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        drop(id, FaultReply::End::Close, true, got < 0);
        return;
    }
    if (connection.in.isEmpty() && got == m_chunk.size())
        connection.in.reserve(2 * got);
    connection.in.append(m_chunk.constData(), got);
    takeRequest(id);
}

void FaultServer::Loop::onTimer(const Timer &timer)
{
    if (timer.connection == 0) {
        listen();
        return;
    }
    const auto found = m_connections.find(timer.connection);
    if (found == m_connections.end() || found->second.timer != timer.number)
        return;
    Connection &connection = found->second;
    switch (connection.state) {
    case State::Reading:
        drop(timer.connection, FaultReply::End::Close);
        return;
    case State::Waiting:
        connection.state = State::First;
        break;
    case State::Between:
        connection.state = State::Second;
        break;
    case State::First:
    case State::Second:
        return;
    }
    write(timer.connection);
}

void FaultServer::Loop::takeRequest(Id id)
{
    Connection &connection = m_connections.at(id);
    if (connection.state != State::Reading || connection.in.isEmpty())
        return;
    FaultRequest request;
    const Frame frame = frameOf(connection.in, connection.searched, request);
    if (frame.head < 0) {
        drop(id, FaultReply::End::Reset);
        return;
    }
    if (frame.head == 0 || connection.in.size() < frame.head + frame.body)
        return;
    request.body = connection.in.mid(frame.head, frame.body);
    connection.in.remove(0, frame.head + frame.body);
    connection.searched = 0;
    handle(id, request);
}

void FaultServer::Loop::handle(Id id, const FaultRequest &request)
{
    Connection &connection = m_connections.at(id);
    const Dialect dialect = dialectOf(request.method, request.path);
    const bool isCounted = dialect != Dialect::Unknown && dialect != Dialect::Models && dialect != Dialect::Health;
    ++connection.requests;
    connection.unreadItem.clear();
    connection.item.clear();
    auto due = Clock::now();
    if (isCounted) {
        if (m_options.itemKey)
            connection.item = m_options.itemKey(request);
        if (connection.item.isEmpty())
            connection.item = bodyKey(request.body);
        connection.isInFlight = true;
        const int attempt = countRequest(connection.item);
        connection.reply = decide(connection, request, attempt, due);
        countReply(connection.reply);
    } else {
        {
            const std::lock_guard lock(m_mutex);
            ++m_counts.otherRequests;
        }
        ReplyContext context;
        context.mix = &m_options.mix;
        connection.reply = faultReply(request, Fault::None, context);
        connection.reply.isGood = false; // An answer to no item.
    }
    connection.written = 0;
    if (connection.reply.refusesConnections) {
        refuse(m_options.mix.refuseMs);
        return;
    }
    due += std::chrono::milliseconds(connection.reply.beforeMs);
    if (due > Clock::now()) {
        connection.state = State::Waiting;
        startTimer(id, connection, due);
        return;
    }
    connection.state = State::First;
    write(id);
}

FaultReply FaultServer::Loop::decide(const Connection &connection, const FaultRequest &request, int attempt,
                                     Clock::time_point &due)
{
    ReplyContext context;
    context.mix = &m_options.mix;
    context.leastBytes = m_options.answerBytes;
    context.isReused = connection.requests > 1;
    context.closesAfter = m_options.requestsPerConnection > 0 && connection.requests >= m_options.requestsPerConnection;
    const int mostInFlight = m_options.pace.mostInFlight;
    if (mostInFlight > 0 && m_counts.inFlight > mostInFlight) // This one is in it. Written on this thread only.
        return refusal(request, context, "Too many requests at once.");
    if (m_options.rate.kind != RateRule::Kind::None) {
        const RateVerdict verdict = m_gate.ask(due);
        context.rateHeaders = rateHeaders(m_options.rate, verdict, dialectOf(request.method, request.path));
        if (!verdict.isAdmitted)
            return refusal(request, context, "Too many requests in this time.");
    }
    FaultReply reply = faultReply(request, m_options.mix.draw(m_options.seed, request.body, attempt), context);
    if (reply.status == 200)
        due = m_pace.answerAt(due);
    return reply;
}

void FaultServer::Loop::write(Id id)
{
    const auto found = m_connections.find(id);
    if (found == m_connections.end())
        return;
    Connection &connection = found->second;
    if (connection.state != State::First && connection.state != State::Second)
        return;
    // Under the lock, so that whoever has read the last byte and asks for the counts finds it counted.
    std::unique_lock lock(m_mutex);
    const QByteArray &part = connection.state == State::First ? connection.reply.first : connection.reply.second;
    while (connection.written < part.size()) {
        const ssize_t sent = send(connection.fd, part.constData() + connection.written,
                                  static_cast<size_t>(part.size() - connection.written), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno == EAGAIN) {
            watchWriting(id, connection, true);
            return;
        }
        if (sent < 0) {
            lock.unlock();
            drop(id, FaultReply::End::Close, true, true);
            return;
        }
        connection.written += sent;
    }
    watchWriting(id, connection, false);
    connection.written = 0;
    if (connection.state == State::First && !connection.reply.second.isEmpty()) {
        connection.state = State::Between;
        connection.timer = ++m_lastTimer; // What was set before is over.
        if (connection.reply.betweenMs >= 0)
            startTimer(id, connection, Clock::now() + std::chrono::milliseconds(connection.reply.betweenMs));
        return;
    }
    countWritten(connection);
    lock.unlock();
    finishReply(id);
}

void FaultServer::Loop::finishReply(Id id)
{
    Connection &connection = m_connections.at(id);
    const auto end = connection.reply.end;
    if (end != FaultReply::End::Keep) {
        drop(id, end);
        return;
    }
    connection.reply = {};
    connection.state = State::Reading;
    startIdleTimer(id, connection);
    takeRequest(id);
}

void FaultServer::Loop::drop(Id id, FaultReply::End how, bool byClient, bool wasReset)
{
    const auto found = m_connections.find(id);
    if (found == m_connections.end())
        return;
    Connection &connection = found->second;
    {
        const std::lock_guard lock(m_mutex);
        --m_counts.openConnections;
        if (byClient && connection.isInFlight)
            ++m_counts.abandoned;
        if (wasReset && !connection.unreadItem.isEmpty()) {
            // A client that has read everything ends a connection with FIN; RST means that it left bytes unread.
            ++m_counts.unread;
            --m_counts.delivered;
            --m_items[connection.unreadItem].delivered;
        }
        endFlight(connection);
    }
    if (how == FaultReply::End::Reset)
        resetAndClose(connection.fd);
    else
        close(connection.fd);
    m_connections.erase(found);
}

void FaultServer::Loop::startTimer(Id id, Connection &connection, Clock::time_point at)
{
    connection.timer = ++m_lastTimer;
    m_timers.push({at, id, connection.timer});
}

void FaultServer::Loop::startIdleTimer(Id id, Connection &connection)
{
    connection.timer = ++m_lastTimer;
    if (m_options.idleCloseMs > 0)
        startTimer(id, connection, Clock::now() + std::chrono::milliseconds(m_options.idleCloseMs));
}

void FaultServer::Loop::watchWriting(Id id, Connection &connection, bool on)
{
    if (connection.wantsToWrite == on)
        return;
    connection.wantsToWrite = on;
    epoll_event event{};
    event.events = EPOLLIN | (on ? EPOLLOUT : 0U);
    event.data.u64 = id;
    if (epoll_ctl(m_poll, EPOLL_CTL_MOD, connection.fd, &event) != 0)
        qFatal("epoll_ctl failed");
}

} // namespace evalwright::test
