// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultsocket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace evalwright::test {

namespace {

struct Address
{
    sockaddr_storage storage{};
    socklen_t size = sizeof(sockaddr_storage);
    sockaddr *raw() { return reinterpret_cast<sockaddr *>(&storage); }
    sockaddr_in &v4() { return reinterpret_cast<sockaddr_in &>(storage); }
    sockaddr_in6 &v6() { return reinterpret_cast<sockaddr_in6 &>(storage); }

    static Address loopback(bool isIpv6, quint16 port)
    {
        Address out;
        if (isIpv6) {
            out.v6().sin6_family = AF_INET6;
            out.v6().sin6_port = htons(port);
            out.v6().sin6_addr = in6addr_loopback;
            out.size = sizeof(sockaddr_in6);
        } else {
            out.v4().sin_family = AF_INET;
            out.v4().sin_port = htons(port);
            out.v4().sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            out.size = sizeof(sockaddr_in);
        }
        return out;
    }
};

void setOption(int fd, int level, int name)
{
    const int on = 1;
    if (setsockopt(fd, level, name, &on, sizeof on) != 0)
        qFatal("a socket option cannot be set");
}

} // namespace

int boundSocket(bool isIpv6, quint16 port)
{
    const int fd = socket(isIpv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        qFatal("no socket can be made");
    setOption(fd, SOL_SOCKET, SO_REUSEADDR);
    setOption(fd, SOL_SOCKET, SO_REUSEPORT);
    Address address = Address::loopback(isIpv6, port);
    if (bind(fd, address.raw(), address.size) != 0)
        qFatal("the port cannot be bound");
    return fd;
}

void resetAndClose(int fd)
{
    const linger now{1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now); // Fails only for a socket that is broken already.
    close(fd);
}

quint16 portOf(int fd)
{
    Address address;
    if (getsockname(fd, address.raw(), &address.size) != 0)
        qFatal("the port is not known");
    return ntohs(address.storage.ss_family == AF_INET6 ? address.v6().sin6_port : address.v4().sin_port);
}

int connectedSocket(quint16 port)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    Address address = Address::loopback(false, port);
    if (fd < 0 || connect(fd, address.raw(), address.size) != 0)
        qFatal("the server cannot be reached");
    setOption(fd, IPPROTO_TCP, TCP_NODELAY);
    return fd;
}

} // namespace evalwright::test
