// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Loaded before a program (LD_PRELOAD), it lets the wall clock jump: every STORMCLOCK_EVERY looks at it, it is ten years
// ahead, then right, then ten years behind, and so on. The steady clock stays as it is, as it does on a real machine.
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>

extern "C" int clock_gettime(clockid_t clock, timespec *time) noexcept
{
    using Real = int(clockid_t, timespec *);
    static Real *const real = reinterpret_cast<Real *>(::dlsym(RTLD_NEXT, "clock_gettime"));
    static std::atomic<long> looks = 0;
    const int code = real(clock, time);
    if (clock != CLOCK_REALTIME || code != 0)
        return code;
    constexpr long tenYears = 315'360'000;
    const char *every = std::getenv("STORMCLOCK_EVERY");
    const long step = (looks++ / (every ? std::atol(every) : 10)) % 4;
    if (step == 1)
        time->tv_sec += tenYears;
    if (step == 3)
        time->tv_sec -= tenYears;
    return code;
}
