// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/canary.h"

#include "core/hash.h"
#include "core/jsonvalues.h"
#include "storage/exchange/outputfile.h"
#include "storage/exchange/wholefile.h"
#include "storage/project.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/notes.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mostRead = 1 << 16;
const QString fileName = u"CANARY.txt"_s;

QByteArray startOf(const QString &path)
{
    QFile file(path);
    // What cannot be read says nothing; whoever reads the rows says why.
    return QFileInfo(path).isFile() && file.open(QIODevice::ReadOnly) ? file.read(mostRead) : QByteArray();
}

/// One line, whatever a file is called.
QString lineName(const QString &path)
{
    return QFileInfo(path).fileName().simplified();
}

} // namespace

QString canaryIn(const QByteArray &text)
{
    static const QRegularExpression sentence(u"evalwright canary GUID [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"_s);
    const auto found = sentence.match(QString::fromUtf8(text));
    return found.hasMatch() ? found.captured() : QString();
}

QString canaryOf(const QString &path)
{
    if (const QString own = canaryIn(startOf(path)); !own.isEmpty())
        return own;
    const QByteArray beside = startOf(QFileInfo(path).dir().filePath(fileName)), name = lineName(path).toUtf8() + ": ";
    for (const QByteArray &line : beside.split('\n')) {
        if (line.startsWith(name))
            return canaryIn(line);
    }
    return {};
}

Result<QString> noteCanaryBeside(const QString &path, const QString &canary, const QString &projectPath)
{
    const QString there = QFileInfo(path).dir().filePath(fileName), name = lineName(path) + u": "_s;
    EVALWRIGHT_TRY(mayWriteFile(there, projectPath, true));
    QStringList lines;
    if (QFileInfo::exists(there)) {
        const QByteArray text = startOf(there);
        if (canaryIn(text).isEmpty() || text.size() >= mostRead) {
            return failure(Error(ErrorCode::AlreadyExists,
                                 u"“%1” is there already, and is no list of canaries."_s.arg(there),
                                 u"Add the canary to it by hand, or export to another folder."_s)
                               .withConsequence(u"The data was written; its canary was not noted beside it."_s));
        }
        lines = QString::fromUtf8(text).split(u'\n', Qt::SkipEmptyParts);
    }
    lines.removeIf([&](const QString &line) { return line.startsWith(name); });
    lines << name + canary.simplified();
    lines.sort();
    EVALWRIGHT_TRY(writeWholeFile(there, lines.join(u'\n').toUtf8() + '\n', true));
    return there;
}

QByteArray canaryFile(const QStringList &canaries)
{
    QByteArray out;
    for (const QString &canary : canaries)
        out += canary.simplified().toUtf8() + '\n';
    return out;
}

Result<QString> noteOrigin(Project &project, const QString &dataset, const QString &path)
{
    const QString canary = canaryOf(path);
    if (canary.isEmpty())
        return QString();
    return project.writeNow(
        [&](Connection &c) -> Result<QString> {
            EVALWRIGHT_ASSIGN(const Dataset into, datasetByName(c, dataset));
            if (into.canary.startsWith(canary))
                return QString();
            EVALWRIGHT_ASSIGN(const QList<DatasetSummary> all, listDatasets(c));
            QString known;
            for (const DatasetSummary &one : all) {
                if (one.dataset.canary.startsWith(canary))
                    known = one.dataset.name;
            }
            DatasetNote note;
            note.kind = u"origin"_s;
            note.text = known.isEmpty()
                            ? u"Rows come from a data set with the %1."_s.arg(canary)
                            : u"Rows come from the data set “%1” of this project (%2)."_s.arg(known, canary);
            const nlohmann::json detail{
                {"canary", canary.toStdString()},
                {"file", QFileInfo(path).fileName().toStdString()},
                {"dataset", jsonvalues::text(known)}};
            note.detail = QString::fromUtf8(canonicalJson(detail));
            EVALWRIGHT_TRY(addNote(c, into.id, note));
            return note.text;
        },
        {Topic::Datasets});
}

} // namespace evalwright
