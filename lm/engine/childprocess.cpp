// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/childprocess.h"

#include <QFile>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

extern char **environ; // NOLINT(readability-redundant-declaration): POSIX has no header for it.

namespace evalwright {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// A file descriptor that is closed at the end of its scope.
class Descriptor
{
public:
    explicit Descriptor(int fd = -1) : m_fd(fd) {}
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(Descriptor &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    int get() const { return m_fd; }
    int release() { return std::exchange(m_fd, -1); }

private:
    int m_fd;
};

tl::unexpected<Error> systemFailure(const QString &what, int code = errno)
{
    return failure(ErrorCode::Engine, what, QString(), QString::fromLocal8Bit(std::strerror(code)));
}

std::vector<char *> pointers(const QByteArrayList &texts)
{
    std::vector<char *> result;
    for (const QByteArray &text : texts)
        result.push_back(const_cast<char *>(text.constData())); // posix_spawn takes char *const[] and writes nothing.
    result.push_back(nullptr);
    return result;
}

} // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const Setup &setup)
{
    // Everything is close-on-exec: a second child must not hold the first one's input open.
    int input[2], output[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input) != 0)
        return systemFailure(u"A connection to a new process could not be made."_s);
    Descriptor ours(input[0]), theirs(input[1]);
    if (::pipe2(output, O_CLOEXEC) != 0)
        return systemFailure(u"A connection to a new process could not be made."_s);
    Descriptor reading(output[0]), writing(output[1]);
    const Descriptor log(
        ::open(QFile::encodeName(setup.logPath).constData(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
    if (log.get() < 0)
        return systemFailure(u"The log %1 cannot be written."_s.arg(setup.logPath));

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, log.get(), STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    sigset_t signals;
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);

    QByteArrayList arguments{QFile::encodeName(setup.program)};
    for (const QString &argument : setup.arguments)
        arguments.append(argument.toUtf8());
    std::unique_ptr<ChildProcess> child(new ChildProcess);
    const int code = ::posix_spawn(&child->m_pid, arguments.first().constData(), &actions, &attributes,
                                   pointers(arguments).data(), pointers(setup.environment).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (code != 0) {
        child->m_reaped = true;
        return systemFailure(u"%1 could not be started."_s.arg(setup.program), code);
    }
    child->m_input = ours.release();
    child->m_output = reading.release();
    // The C library's header of this function is not usable from C++ on Debian 12.
    child->m_pidfd = int(::syscall(SYS_pidfd_open, child->m_pid, 0));
    if (child->m_pidfd < 0)
        return systemFailure(u"The new process cannot be watched."_s);
    return child;
}

ChildProcess::~ChildProcess()
{
    stop();
    for (const int fd : {m_pidfd, m_input, m_output})
        if (fd >= 0)
            ::close(fd);
}

Status ChildProcess::write(const QByteArray &bytes)
{
    qsizetype done = 0;
    while (done < bytes.size()) {
        // MSG_NOSIGNAL: a child that is gone is an error here, not the end of this program.
        const ssize_t sent = ::send(m_input, bytes.constData() + done, size_t(bytes.size() - done), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return systemFailure(u"The process did not take its settings."_s);
        done += sent;
    }
    return {};
}

Result<QByteArray> ChildProcess::readLine(milliseconds timeout, const CancellationToken &token)
{
    const auto deadline = steady_clock::now() + timeout;
    QByteArray line;
    for (;;) {
        if (token.isCancelled())
            return failure(ErrorCode::Cancelled, u"Starting was stopped."_s);
        if (steady_clock::now() >= deadline)
            return failure(ErrorCode::Timeout, u"The process did not get ready in time."_s);
        pollfd waiting{m_output, POLLIN, 0};
        if (::poll(&waiting, 1, 50) <= 0)
            continue;
        char buffer[4096];
        const ssize_t got = ::read(m_output, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return failure(ErrorCode::Engine, u"The process ended before it was ready."_s);
        line.append(buffer, got);
        if (const qsizetype end = line.indexOf('\n'); end >= 0)
            return line.left(end);
        if (line.size() > 65'536)
            return failure(ErrorCode::Engine, u"The process did not answer as expected."_s);
    }
}

bool ChildProcess::hasEnded(milliseconds timeout)
{
    if (m_reaped)
        return true;
    if (m_pidfd >= 0) {
        pollfd waiting{m_pidfd, POLLIN, 0};
        ::poll(&waiting, 1, int(timeout.count()));
    }
    m_reaped = ::waitpid(m_pid, &m_status, WNOHANG) == m_pid;
    return m_reaped;
}

bool ChildProcess::succeeded() const
{
    return WIFEXITED(m_status) && WEXITSTATUS(m_status) == 0;
}

QString ChildProcess::howItEnded() const
{
    if (WIFSIGNALED(m_status))
        return u"signal %1 (%2)"_s.arg(WTERMSIG(m_status)).arg(QString::fromLocal8Bit(strsignal(WTERMSIG(m_status))));
    return u"exit status %1"_s.arg(WEXITSTATUS(m_status));
}

void ChildProcess::stop(milliseconds grace)
{
    if (m_input >= 0)
        ::shutdown(m_input, SHUT_RDWR);
    if (m_reaped || hasEnded(m_pidfd >= 0 ? grace : milliseconds(0)))
        return;
    ::kill(m_pid, SIGKILL);
    while (::waitpid(m_pid, &m_status, 0) < 0 && errno == EINTR) {
    }
    m_reaped = true;
}

QByteArrayList serverEnvironment()
{
    static const QByteArrayList prefixes{"PATH=",   "HOME=",   "LANG=", "LC_",   "TMPDIR=", "USER=", "LD_LIBRARY_PATH=",
                                         "CUDA_",   "NVIDIA_", "HIP_",  "ROCR_", "HSA_",    "VK_",   "GGML_",
                                         "ONEAPI_", "OMP_",    "ZE_"};
    QByteArrayList kept;
    for (char **entry = environ; entry && *entry; ++entry) {
        const QByteArray text(*entry);
        for (const QByteArray &prefix : prefixes) {
            if (text.startsWith(prefix)) {
                kept.append(text);
                break;
            }
        }
    }
    return kept;
}

} // namespace evalwright
