// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/bundle.h"
#include "review/bundlesitting.h"
#include "review/bundlewriter.h"
#include "reviewed.h"
#include "storage/exchange/ziparchive.h"
#include "storage/exchange/zipwriter.h"

#include <QDir>

namespace evalwright::test {

inline QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read");
}
inline void writeBytes(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write");
}
inline std::vector<ZipPart> partsOf(const QString &path)
{
    const auto archive = must(ZipArchive::open(path));
    std::vector<ZipPart> parts;
    for (const ZipArchive::Member &member : archive->members())
        parts.push_back({member.name, must(archive->read(member))});
    return parts;
}

/// A review with repeats and a gold item, and a folder for what leaves the project.
struct Bundled : Reviewed
{
    QTemporaryDir folder;
    Review review;

    explicit Bundled(int count = 12, int raters = 3, double repeats = 0.2) : Reviewed(count)
    {
        review::NewReview wanted = this->wanted();
        wanted.plan.sampling = review::Sampling::Stratified;
        wanted.plan.items = count - 1;
        wanted.plan.raters = wanted.plan.perItem = raters;
        wanted.plan.repeats = repeats;
        wanted.plan.gold = 0.1;
        wanted.plan.seed = 987654321;
        wanted.golds.insert(items[0].value, {{"answer", "Yes"}});
        review = make(wanted).review;
    }
    QString path(const QString &name) const { return folder.filePath(name); }
    QString bundle(const QString &name = QStringLiteral("b.ewbundle"), const review::BundleOptions &options = {})
    {
        return must(review::writeBundle(store.project, review.id, path(name), options)).path;
    }
    static std::shared_ptr<review::BundleSitting> open(const QString &bundle, const QString &rater,
                                                       std::optional<int> slot = {}, const QString &folder = {})
    {
        return must(review::openBundleSitting({bundle, rater, slot, folder}));
    }
    /// Answers the places from `from` up to `to` and gives what was said.
    static QList<review::GivenJudgement> answer(review::Sitting &sitting, qint64 from, qint64 to,
                                                const QString &what = QStringLiteral("Yes"))
    {
        QList<review::GivenJudgement> given;
        for (qint64 at = from; at < to; ++at) {
            given << Reviewed::given(at, what);
            must(sitting.store(given.last()).result());
        }
        return given;
    }
    /// The judgement taken back.
    static review::GivenJudgement undo(const review::GivenJudgement &judgement)
    {
        review::GivenJudgement made;
        made.uuid = newUuid();
        made.position = judgement.position;
        made.state = withdrawnState;
        made.replaces = judgement.uuid;
        made.shownAt = made.submittedAt = QStringLiteral("2026-01-01T00:00:09.000Z");
        return made;
    }
};

} // namespace evalwright::test
