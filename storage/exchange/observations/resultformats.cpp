// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/observations/resultformats.h"

#include "storage/exchange/observations/inspectlog.h"
#include "storage/exchange/observations/lmevalsamples.h"
#include "storage/exchange/observations/observationcsv.h"
#include "storage/exchange/recordsource.h"
#include "storage/exchange/utf16device.h"

#include <QFile>
#include <QFileInfo>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString table = u"observations"_s, samples = u"lm-eval-samples"_s, inspect = u"inspect-log"_s;
constexpr qint64 headBytes = 1 << 16;

} // namespace

QStringList resultFormats()
{
    return {table, samples, inspect};
}

Result<QString> resultFormatOf(const QString &path)
{
    if (path == "-"_L1 || !QFileInfo(path).isFile())
        return QString();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return QString();
    QByteArray head = file.peek(headBytes);
    if (recognisesInspectLog(path, head))
        return inspect;
    if (isBigEndianUtf16(head)) { // Items are read in it; results are not.
        const QByteArray text = utf8Head(head);
        if (!recognisesObservations(text) && !recognisesLmEvalSamples(text))
            return QString();
    }
    file.close();
    EVALWRIGHT_TRY(openInput(file, head));
    if (recognisesObservations(head))
        return table;
    return recognisesLmEvalSamples(head) ? samples : QString();
}

Result<std::unique_ptr<ObservationSource>> openResultFile(const QString &path, const QString &format, const QString &model)
{
    if (format == inspect)
        return openInspectLog(path, model);
    return format == table ? openObservationCsv(path) : openLmEvalSamples(path, model);
}

} // namespace evalwright
