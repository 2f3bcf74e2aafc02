// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Loaded before a program (LD_PRELOAD), it lets the disk under a project file fail at a chosen call. Calls are those
// that change the file or its log, and those that flush: pwrite, ftruncate, fdatasync, fsync.
//
//   STORMDISK_MODE   count: nothing happens;
//                    kill: the process is killed in the middle of the call;
//                    full: nothing can be written from the call on, for STORMDISK_CALLS calls (0: for ever);
//                    power: what was not flushed before the call reaches the disk in part, at random, and the process
//                    is killed
//   STORMDISK_AT     number of the call, from 1
//   STORMDISK_SEED   of what reaches the disk
//   STORMDISK_COUNT  a file that gets the number of calls at the end
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace {

struct Change ///< Not flushed yet.
{
    off64_t offset;
    bool isTruncation;             ///< To `offset` bytes.
    std::vector<char> before, now; ///< `before` ends where the file ended.
};
struct File
{
    std::string path;
    off64_t flushedSize = 0;
    std::vector<Change> changes;
};

long number(const char *name)
{
    const char *text = std::getenv(name);
    return text ? std::atol(text) : 0;
}

class Disk
{
public:
    static Disk &instance()
    {
        static Disk *disk = new Disk; // Never destroyed: threads may still write when the process ends.
        return *disk;
    }
    enum class Kind { Write, Other };
    /// True: the call must fail for want of space.
    bool enter(int fd, Kind kind, bool &watched)
    {
        const std::string path = pathOf(fd);
        watched = path.find(".evalwright") != std::string::npos && path.find("-shm") == std::string::npos &&
                  path.find(".lock") == std::string::npos;
        if (!watched || m_mode.empty())
            return false;
        ++m_calls;
        if (m_mode == "full" && kind == Kind::Write)
            return m_calls >= m_at && (m_fullCalls == 0 || m_calls < m_at + m_fullCalls);
        return false;
    }
    bool isTime() const { return m_calls == m_at && (m_mode == "kill" || m_mode == "power"); }
    bool isPower() const { return m_mode == "power"; }
    void note(int fd, Change change)
    {
        struct stat64 info = {};
        if (::fstat64(fd, &info) != 0)
            return;
        File &file = m_files[info.st_ino];
        if (file.changes.empty()) {
            file.path = pathOf(fd);
            file.flushedSize = info.st_size;
        }
        if (!change.isTruncation) {
            change.before.resize(change.now.size());
            const ssize_t read = ::pread64(fd, change.before.data(), change.before.size(), change.offset);
            change.before.resize(read > 0 ? static_cast<size_t>(read) : 0);
        } else if (change.offset < info.st_size) {
            change.before.resize(static_cast<size_t>(info.st_size - change.offset));
            const ssize_t read = ::pread64(fd, change.before.data(), change.before.size(), change.offset);
            change.before.resize(read > 0 ? static_cast<size_t>(read) : 0);
        }
        file.changes.push_back(std::move(change));
    }
    void flushed(int fd)
    {
        struct stat64 info = {};
        if (::fstat64(fd, &info) == 0)
            m_files.erase(info.st_ino);
    }
    /// Back to what was flushed, and of the rest what chance wants.
    [[noreturn]] void powerFails()
    {
        std::mt19937_64 random(static_cast<unsigned long>(number("STORMDISK_SEED")));
        for (const auto &[inode, file] : m_files) {
            const int fd = ::open(file.path.c_str(), O_RDWR | O_CLOEXEC);
            if (fd < 0)
                continue;
            for (auto change = file.changes.rbegin(); change != file.changes.rend(); ++change)
                put(fd, change->before, change->offset);
            resize(fd, file.flushedSize);
            for (const Change &change : file.changes) {
                if (random() % 2 == 0)
                    continue;
                if (change.isTruncation)
                    resize(fd, change.offset);
                else
                    put(fd, change.now, change.offset);
            }
            ::close(fd);
        }
        kill();
    }
    [[noreturn]] static void kill()
    {
        ::kill(::getpid(), SIGKILL);
        for (;;)
            ::pause();
    }
    std::mutex mutex;

private:
    Disk()
    {
        const char *mode = std::getenv("STORMDISK_MODE");
        m_mode = mode ? mode : "";
        m_at = number("STORMDISK_AT");
        m_fullCalls = number("STORMDISK_CALLS");
        std::atexit([] {
            const char *path = std::getenv("STORMDISK_COUNT");
            std::FILE *out = path ? std::fopen(path, "w") : nullptr;
            if (!out)
                return;
            std::fprintf(out, "%ld", instance().m_calls);
            std::fclose(out);
        });
    }
    static std::string pathOf(int fd)
    {
        char path[4096];
        const std::string link = "/proc/self/fd/" + std::to_string(fd);
        const ssize_t length = ::readlink(link.c_str(), path, sizeof path);
        return length > 0 ? std::string(path, static_cast<size_t>(length)) : std::string();
    }
    static void put(int fd, const std::vector<char> &bytes, off64_t offset);
    static void resize(int fd, off64_t size);

    std::string m_mode;
    long m_at = 0, m_fullCalls = 0, m_calls = 0;
    std::map<ino_t, File> m_files;
};

template <class F>
F *next(const char *name)
{
    return reinterpret_cast<F *>(::dlsym(RTLD_NEXT, name));
}

using Pwrite = ssize_t(int, const void *, size_t, off64_t);
using Truncate = int(int, off64_t);
using Sync = int(int);

void Disk::put(int fd, const std::vector<char> &bytes, off64_t offset)
{
    if (!bytes.empty())
        next<Pwrite>("pwrite64")(fd, bytes.data(), bytes.size(), offset);
}

void Disk::resize(int fd, off64_t size)
{
    next<Truncate>("ftruncate64")(fd, size);
}

ssize_t writeAt(int fd, const void *bytes, size_t size, off64_t offset)
{
    static Pwrite *const real = next<Pwrite>("pwrite64");
    Disk &disk = Disk::instance();
    const std::lock_guard lock(disk.mutex);
    bool watched = false;
    if (disk.enter(fd, Disk::Kind::Write, watched)) {
        errno = ENOSPC;
        return -1;
    }
    if (watched && disk.isPower())
        disk.note(fd, {offset, false, {}, {static_cast<const char *>(bytes), static_cast<const char *>(bytes) + size}});
    if (watched && disk.isTime()) {
        if (disk.isPower())
            disk.powerFails();
        real(fd, bytes, size / 2, offset);
        Disk::kill();
    }
    return real(fd, bytes, size, offset);
}

int truncateTo(int fd, off64_t size)
{
    static Truncate *const real = next<Truncate>("ftruncate64");
    Disk &disk = Disk::instance();
    const std::lock_guard lock(disk.mutex);
    bool watched = false;
    disk.enter(fd, Disk::Kind::Other, watched);
    if (watched && disk.isPower())
        disk.note(fd, {size, true, {}, {}});
    if (watched && disk.isTime()) {
        if (disk.isPower())
            disk.powerFails();
        Disk::kill();
    }
    return real(fd, size);
}

int flush(int fd, Sync *real)
{
    Disk &disk = Disk::instance();
    const std::lock_guard lock(disk.mutex);
    bool watched = false;
    disk.enter(fd, Disk::Kind::Other, watched);
    if (watched && disk.isTime()) {
        if (disk.isPower())
            disk.powerFails();
        Disk::kill();
    }
    const int code = real(fd);
    if (watched && code == 0)
        disk.flushed(fd);
    return code;
}

} // namespace

extern "C" {

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
    return writeAt(fd, bytes, size, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    return writeAt(fd, bytes, size, offset);
}

int ftruncate64(int fd, off64_t size) noexcept
{
    return truncateTo(fd, size);
}

int ftruncate(int fd, off_t size) noexcept
{
    return truncateTo(fd, size);
}

int fdatasync(int fd)
{
    static Sync *const real = next<Sync>("fdatasync");
    return flush(fd, real);
}

int fsync(int fd)
{
    static Sync *const real = next<Sync>("fsync");
    return flush(fd, real);
}

} // extern "C"
