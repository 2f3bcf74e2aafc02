// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace evalwright::test {

// Loopback sockets; all of these end the program when they fail.

/// Bound, non-blocking, not listening. Several may share a port while only one of them listens. Port 0: a free one.
int boundSocket(bool isIpv6, quint16 port);
quint16 portOf(int fd);
/// A blocking client of 127.0.0.1.
int connectedSocket(quint16 port);
/// Ends a connection with RST.
void resetAndClose(int fd);

} // namespace evalwright::test
