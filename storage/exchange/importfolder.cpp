// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/importfolder.h"

#include "storage/exchange/fileerror.h"
#include "storage/exchange/observations/resultformats.h"
#include "storage/exchange/preview.h"
#include "storage/exchange/repositoryfolder.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QHash>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostFiles = 5'000, mostEntries = 100'000;

/// Others are not opened: words of a text may look like a table.
bool mayHoldRows(const QString &suffix)
{
    static const QStringList suffixes{u"jsonl"_s, u"json"_s, u"csv"_s, u"tsv"_s, u"txt"_s, u"eval"_s};
    return suffixes.contains(suffix.toLower());
}

/// Its beginning does, in one row at least: any object of JSON looks like a row at first sight.
bool holdsItems(const QString &path, const CancellationToken &token)
{
    const auto preview = previewFile(path, {}, token);
    return preview && !preview->problem && !preview->refusal &&
           std::ranges::any_of(preview->rows, [](const PreviewRow &row) { return !row.row.problem; });
}

bool holdsResults(const QString &path)
{
    const Result<QString> format = resultFormatOf(path);
    return format && !format->isEmpty();
}

Result<QStringList> filesBelow(const QString &folder, const CancellationToken &token)
{
    QStringList files;
    qsizetype entries = 0;
    QDirIterator below(folder, QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks, QDirIterator::Subdirectories);
    while (below.hasNext()) {
        below.next();
        if (token.isCancelled())
            return failure(stoppedOnRequest());
        if (++entries > mostEntries) {
            return failure(Error(ErrorCode::InvalidInput, u"The folder “%1” holds more than %2 files and folders."_s.arg(folder).arg(mostEntries),
                                 u"Name a folder further down."_s)
                               .withConsequence(u"Nothing was read."_s));
        }
        if (below.fileInfo().isFile())
            files << below.filePath();
    }
    files.sort();
    return files;
}

} // namespace

QString ImportFolder::passedOverText() const
{
    constexpr qsizetype shown = 5;
    if (passedOver.isEmpty())
        return {};
    QString names = QStringList(passedOver.mid(0, shown)).join(u", "_s);
    if (passedOver.size() > shown)
        names += u" and %1 more"_s.arg(passedOver.size() - shown);
    return u"Left out, because they hold neither items nor answers of models: %1."_s.arg(names);
}

Result<ImportFolder> importFolder(const QString &folder, const CancellationToken &token)
{
    ImportFolder out;
    if (const auto published = repositoryData(folder)) {
        for (const RepositoryData &data : *published)
            out.files << ImportPath{data.path, data.dataset, u"jsonl"_s};
        return out;
    }
    EVALWRIGHT_ASSIGN(const QStringList files, filesBelow(folder, token));
    const QDir root(folder);
    QHash<QString, int> names;
    for (const QString &path : files) {
        if (token.isCancelled())
            return failure(stoppedOnRequest());
        const QFileInfo file(path);
        if (!mayHoldRows(file.suffix()) || (!holdsItems(path, token) && !holdsResults(path))) {
            out.passedOver << root.relativeFilePath(path);
            continue;
        }
        out.files << ImportPath{path, {}};
        ++names[file.completeBaseName()];
    }
    if (out.files.size() > mostFiles) {
        return failure(Error(ErrorCode::InvalidInput, u"The folder “%1” holds %2 files to import, which is more than %3."_s.arg(folder)
                                                          .arg(out.files.size())
                                                          .arg(mostFiles),
                             u"Name a folder further down."_s)
                           .withConsequence(u"Nothing was imported."_s));
    }
    for (ImportPath &one : out.files) {
        const QFileInfo file(one.path);
        if (names[file.completeBaseName()] > 1)
            one.dataset = file.dir().dirName() + u'-' + file.completeBaseName();
    }
    if (out.files.isEmpty()) {
        const QString what = files.isEmpty() ? u"There is no file in the folder “%1”."_s.arg(folder)
                                             : u"There is nothing to import in the folder “%1”. %2"_s.arg(folder, out.passedOverText());
        return failure(Error(ErrorCode::NotFound, what,
                             u"Items and answers are read from .jsonl, .json, .csv, .tsv, .txt and .eval files; name a file to hear what is wrong with it."_s)
                           .withConsequence(u"Nothing was imported."_s));
    }
    return out;
}

} // namespace evalwright
