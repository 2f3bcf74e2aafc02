// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/curltransport.h"

#include "lm/curlchannel.h"

#include <atomic>
#include <cerrno>
#include <mutex>
#include <set>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <unordered_set>
#include <vector>

namespace evalwright {

using namespace Qt::StringLiterals;
using Clock = CurlTransfer::Clock;

namespace {

constexpr long mostConnections = 1024; ///< Kept open; above the most requests that are ever in flight.
constexpr int mostEvents = 256;
constexpr auto longestSleep = std::chrono::seconds(60);

} // namespace

/// Sockets are watched by epoll, and curl is told of those that have news: the cost of a turn does not grow with the
/// transfers that wait.
class CurlTransport::Loop
{
public:
    explicit Loop(TransportSettings settings)
        : m_settings(std::move(settings)), m_multi(curl_multi_init()), m_poll(epoll_create1(EPOLL_CLOEXEC)),
          m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    {
        if (!m_multi || m_poll < 0 || m_wake < 0)
            qFatal("No network: the system gives no more handles.");
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = m_wake;
        epoll_ctl(m_poll, EPOLL_CTL_ADD, m_wake, &event);
        curl_multi_setopt(m_multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
        curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, mostConnections);
        curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, onSocket);
        curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
        curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, onTimer);
        curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
        m_thread = std::thread([this] { run(); });
    }

    ~Loop()
    {
        m_closing = true;
        ring();
        m_thread.join();
        m_channels.clear();
        curl_multi_cleanup(m_multi);
        close(m_wake);
        close(m_poll);
    }
    Loop(const Loop &) = delete;
    Loop &operator=(const Loop &) = delete;

    void add(std::unique_ptr<CurlTransfer> transfer)
    {
        bool first = false;
        {
            const std::lock_guard lock(m_mutex);
            first = m_incoming.empty();
            m_incoming.push_back(std::move(transfer));
        }
        if (first) // Else the loop has been woken for the others already.
            ring();
    }

    void wakeToCancel()
    {
        m_cancelRequested = true;
        ring();
    }

private:
    void ring() const
    {
        const quint64 one = 1;
        // The only failure is a counter that is full: then the loop is about to wake.
        [[maybe_unused]] const ssize_t written = write(m_wake, &one, sizeof one);
    }

    void run()
    {
        epoll_event events[mostEvents];
        while (!m_closing) {
            const int count = epoll_wait(m_poll, events, mostEvents, waitMilliseconds());
            for (int i = 0; i < count; ++i) {
                if (events[i].data.fd == m_wake)
                    clearBell();
                else
                    onEvent(events[i].data.fd, events[i].events);
            }
            takeIncoming();
            if (m_timer && Clock::now() >= *m_timer) {
                m_timer.reset();
                curl_multi_socket_action(m_multi, CURL_SOCKET_TIMEOUT, 0, &m_running);
            }
            finishDone();
            if (m_cancelRequested.exchange(false))
                dropCancelled();
            dropLate();
        }
        takeIncoming();
        while (!m_active.empty())
            finish(*m_active.begin(), tl::unexpected(cancelledRequest()));
    }

    void clearBell() const
    {
        quint64 count = 0;
        [[maybe_unused]] const ssize_t got = read(m_wake, &count, sizeof count);
    }

    static int curlEvents(quint32 events)
    {
        return ((events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) | ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
               ((events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    }

    /// What epoll watches a socket for, and what curl wants. A connection that rests between two requests stays with
    /// epoll, which costs nothing; only when the server says something there it is taken out.
    struct Watch
    {
        quint32 registered = 0, wanted = 0;
    };

    static int onSocket(CURL *, curl_socket_t socket, int what, void *user, void *known)
    {
        auto *loop = static_cast<Loop *>(user);
        const auto at = static_cast<size_t>(socket);
        if (at >= loop->m_watches.size())
            loop->m_watches.resize(2 * at + 1);
        Watch &watch = loop->m_watches[at];
        watch.wanted = 0;
        if (what != CURL_POLL_REMOVE)
            watch.wanted = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
        // A socket that is new to curl may have the number of one that was closed behind our back (the resolver's are):
        // epoll has forgotten that one, whatever we remember.
        if (watch.wanted != 0 && (!known || watch.wanted != watch.registered))
            loop->setWatch(socket, watch, watch.wanted);
        if (watch.wanted != 0 && !known)
            curl_multi_assign(loop->m_multi, socket, loop);
        return 0;
    }

    void setWatch(int socket, Watch &watch, quint32 wanted) const
    {
        epoll_event event{};
        event.events = wanted;
        event.data.fd = socket;
        const int change = wanted == 0 ? EPOLL_CTL_DEL : watch.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
        if (epoll_ctl(m_poll, change, socket, &event) != 0 && change == EPOLL_CTL_MOD && errno == ENOENT)
            epoll_ctl(m_poll, EPOLL_CTL_ADD, socket, &event);
        watch.registered = wanted;
    }

    /// Closing takes a socket out of epoll; its number may soon be that of another.
    static int onClose(void *user, curl_socket_t socket)
    {
        auto *loop = static_cast<Loop *>(user);
        if (const auto at = static_cast<size_t>(socket); at < loop->m_watches.size())
            loop->m_watches[at] = {};
        return close(socket);
    }

    void onEvent(int socket, quint32 events)
    {
        Watch &watch = m_watches[static_cast<size_t>(socket)];
        if (watch.wanted == 0)
            setWatch(socket, watch, 0);
        else
            curl_multi_socket_action(m_multi, socket, curlEvents(events), &m_running);
    }

    static int onTimer(CURLM *, long milliseconds, void *user)
    {
        auto *loop = static_cast<Loop *>(user);
        loop->m_timer.reset();
        if (milliseconds >= 0)
            loop->m_timer = Clock::now() + std::chrono::milliseconds(milliseconds);
        return 0;
    }

    void takeIncoming()
    {
        std::vector<std::unique_ptr<CurlTransfer>> incoming;
        {
            const std::lock_guard lock(m_mutex);
            incoming.swap(m_incoming);
        }
        for (auto &transfer : incoming) {
            if (transfer->token.isCancelled()) {
                transfer->done(tl::unexpected(cancelledRequest()));
                continue;
            }
            if (const auto refused = refusalOf(transfer->request)) {
                transfer->done(tl::unexpected(*refused));
                continue;
            }
            start(std::move(transfer));
        }
    }

    void start(std::unique_ptr<CurlTransfer> transfer)
    {
        if (m_free.empty()) {
            m_channels.push_back(std::make_unique<CurlChannel>(m_settings, [this](CurlChannel &begun) {
                m_looks.erase({begun.nextLook, &begun});
                lookLater(&begun);
            }));
            m_free.push_back(m_channels.back().get());
            curl_easy_setopt(m_free.back()->easy(), CURLOPT_CLOSESOCKETFUNCTION, onClose);
            curl_easy_setopt(m_free.back()->easy(), CURLOPT_CLOSESOCKETDATA, this);
        }
        CurlChannel *channel = m_free.back();
        m_free.pop_back();
        channel->begin(std::move(transfer));
        m_active.insert(channel);
        lookLater(channel);
        curl_multi_add_handle(m_multi, channel->easy());
    }

    void lookLater(CurlChannel *channel)
    {
        channel->nextLook = channel->transfer().deadline();
        m_looks.emplace(channel->nextLook, channel);
    }

    void finishDone()
    {
        int left = 0;
        while (const CURLMsg *message = curl_multi_info_read(m_multi, &left)) {
            if (message->msg != CURLMSG_DONE)
                continue;
            CurlChannel *channel = CurlChannel::of(message->easy_handle);
            finish(channel, channel->outcome(message->data.result));
        }
    }

    void dropCancelled()
    {
        std::vector<CurlChannel *> ended;
        for (CurlChannel *channel : m_active) {
            if (channel->transfer().token.isCancelled())
                ended.push_back(channel);
        }
        for (CurlChannel *channel : ended)
            finish(channel, tl::unexpected(cancelledRequest()));
    }

    /// A transfer is looked at when its deadline was due as it stood at the last look; bytes that came since have moved
    /// it on, and cost nothing when they came.
    void dropLate()
    {
        const auto now = Clock::now();
        while (!m_looks.empty() && m_looks.begin()->first <= now) {
            CurlChannel *channel = m_looks.begin()->second;
            m_looks.erase(m_looks.begin());
            const CurlTransfer &transfer = channel->transfer();
            if (transfer.deadline() > now) {
                lookLater(channel);
                continue;
            }
            const QString phase = transfer.gotFirstByte ? u"the reply stopped in the middle"_s : u"first byte"_s;
            finish(channel, tl::unexpected(timedOutRequest(transfer.request, phase)));
        }
    }

    int waitMilliseconds() const
    {
        const auto now = Clock::now();
        auto next = now + longestSleep;
        if (!m_looks.empty())
            next = std::min(next, m_looks.begin()->first);
        if (m_timer)
            next = std::min(next, *m_timer);
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next - now).count();
        return static_cast<int>(std::max<qint64>(wait, 0));
    }

    void finish(CurlChannel *channel, Result<HttpResponse> result)
    {
        curl_multi_remove_handle(m_multi, channel->easy());
        m_active.erase(channel);
        m_looks.erase({channel->nextLook, channel});
        const auto owned = channel->end();
        m_free.push_back(channel);
        owned->done(std::move(result));
    }

    const TransportSettings m_settings;
    CURLM *m_multi;
    int m_poll, m_wake, m_running = 0;
    std::thread m_thread;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<CurlTransfer>> m_incoming;
    // Network thread only, from here on.
    std::vector<std::unique_ptr<CurlChannel>> m_channels;
    std::vector<CurlChannel *> m_free;
    std::unordered_set<CurlChannel *> m_active;
    std::set<std::pair<Clock::time_point, CurlChannel *>> m_looks;
    std::vector<Watch> m_watches;             ///< By socket number.
    std::optional<Clock::time_point> m_timer; ///< When curl wants to be called without news.
    std::atomic<bool> m_closing = false;
    std::atomic<bool> m_cancelRequested = false;
};

CurlTransport::CurlTransport(const TransportSettings &settings)
{
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    m_loop = std::make_unique<Loop>(settings);
}

CurlTransport::~CurlTransport() = default;

void CurlTransport::send(HttpRequest request, const CancellationToken &token,
                         std::function<void(Result<HttpResponse>)> done)
{
    auto transfer = std::make_unique<CurlTransfer>();
    transfer->request = std::move(request);
    transfer->token = token;
    transfer->done = std::move(done);
    // The listener only wakes the loop, which then looks for cancelled transfers; it dies with the transfer.
    transfer->registration = token.onCancel([loop = m_loop.get()] { loop->wakeToCancel(); });
    m_loop->add(std::move(transfer));
}

} // namespace evalwright
