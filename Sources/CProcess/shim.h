// What of Linux's calls on processes and threads Swift cannot make: those with a variable number of arguments, and
// those that GNU's macros hide.

#ifndef HEED_CPROCESS_H
#define HEED_CPROCESS_H

#include <errno.h>
#include <linux/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>

extern int prctl(int option, ...);
extern int sched_getcpu(void);
extern long syscall(long number, ...);

/// Has the kernel send a signal to this process when the thread that started it ends. Returns 0, or -errno.
static inline int heed_signal_at_end_of_parent(int signal) {
    return prctl(PR_SET_PDEATHSIG, (unsigned long)signal, 0UL, 0UL, 0UL) < 0 ? -errno : 0;
}

/// Writes the cores that the calling thread may run on, a bit each, into so many bytes. Returns how many bytes the kernel
/// wrote, or -errno.
static inline long heed_get_affinity(void *mask, size_t bytes) {
    long written = syscall(SYS_sched_getaffinity, 0L, bytes, mask);
    return written < 0 ? -errno : written;
}

/// Lets a thread of this process, 0 for the calling one, run on these cores only, a bit each. Returns 0, or -errno.
static inline int heed_set_affinity(pid_t thread, const void *mask, size_t bytes) {
    return syscall(SYS_sched_setaffinity, (long)thread, bytes, mask) < 0 ? -errno : 0;
}

/// The kernel's number of the calling thread.
static inline pid_t heed_thread_number(void) { return (pid_t)syscall(SYS_gettid); }

/// The core that the calling thread is on, or -1. No system call.
static inline int heed_current_core(void) { return sched_getcpu(); }

#endif
