// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace evalwright {

/// `text` with every mention of `key` replaced by "[key]". Found are the key itself and any mixture of its characters
/// as they are, with backslashes before them (JSON's "\/", also inside JSON that is quoted once more), as \uXXXX,
/// %XX, %25XX, &#DD; or &#xXX;. A key below eight characters is a dummy and may be part of ordinary words: nothing is
/// replaced. Escapes are known for keys of ASCII characters, as a header can carry them.
QByteArray withoutKey(QByteArray text, const QByteArray &key);

} // namespace evalwright
