// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/giveaway.h"

#include "core/clock.h"
#include "core/hash.h"
#include "core/hmac.h"
#include "review/givenlists.h"
#include "storage/exchange/outputfile.h"
#include "storage/exchange/wholefile.h"
#include "storage/project.h"
#include "storage/repositories/reviews.h"

#include <QFile>

#include <vector>

namespace evalwright::review {

using namespace Qt::StringLiterals;

namespace {

Result<QList<int>> chosenSlots(Connection &connection, const Review &review, const GiveOptions &options)
{
    EVALWRIGHT_ASSIGN(const QList<SlotState> states, slotsOf(connection, review.id));
    QList<int> all, free;
    for (const SlotState &state : states) {
        all << state.slot;
        if (!state.rater.isValid())
            free << state.slot;
    }
    if (!options.slots.isEmpty()) {
        QList<int> chosen;
        for (const int slot : options.slots) {
            if (!all.contains(slot) || chosen.contains(slot))
                return failure(ErrorCode::InvalidInput,
                               u"The review has no list %1, or it is asked for twice."_s.arg(slot + 1),
                               u"The review has the lists 1 to %1."_s.arg(all.size()));
            chosen << slot;
        }
        std::ranges::sort(chosen);
        return chosen;
    }
    const qsizetype wanted = options.lists.value_or(static_cast<int>(std::max<qsizetype>(1, free.size())));
    if (wanted < 1)
        return failure(ErrorCode::InvalidInput, u"At least one list has to be given away."_s);
    if (wanted > free.size()) {
        return failure(
            Error(ErrorCode::Unsupported,
                  u"%1 of the %2 lists of this review are free; the others have raters or went away in bundles."_s
                      .arg(free.size())
                      .arg(all.size()),
                  u"Ask for fewer, name the lists to write them once more, or begin a review with more raters."_s)
                .withConsequence(u"Nothing was written."_s));
    }
    return free.first(wanted);
}

} // namespace

Result<GivenAway> giveAway(const std::shared_ptr<Project> &project, ReviewId id, const QStringList &paths,
                           const GiveOptions &options, const MakeOutgoing &make)
{
    for (const QString &path : paths)
        EVALWRIGHT_TRY(mayWriteFile(path, project->path(), options.force));
    GivenAway made;
    std::vector<WholeFile> files;
    QList<int> reserved;
    Review review;
    EVALWRIGHT_TRY(project->writeNow(
        [&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(review, reviewById(c, id));
            EVALWRIGHT_ASSIGN(made.slots, chosenSlots(c, review, options));
            const BundleIdentity identity{newUuid(), secretBytes(32), isoNow()};
            made.uuid = identity.uuid;
            EVALWRIGHT_ASSIGN(const Outgoing outgoing, make(c, review, made.slots, identity));
            EVALWRIGHT_TRY(
                addReviewBundle(c, {identity.uuid, review.id, identity.key, outgoing.sha256, identity.createdAt}));
            EVALWRIGHT_ASSIGN(const QList<SlotState> states, slotsOf(c, review.id));
            for (const SlotState &state : states) {
                if (made.slots.contains(state.slot) && !state.rater.isValid())
                    reserved << state.slot;
            }
            EVALWRIGHT_TRY(giveLists(c, review, reserved));
            // On disk before the project says that it went away.
            for (const OutgoingFile &file : outgoing.files) {
                EVALWRIGHT_ASSIGN(WholeFile prepared, WholeFile::prepare(file.path, file.bytes));
                files.push_back(std::move(prepared));
            }
            return {};
        },
        {Topic::Reviews}));
    for (std::size_t i = 0; i < files.size(); ++i) {
        Status published = files[i].publish(options.force);
        if (published)
            continue;
        for (std::size_t before = 0; before < i; ++before) // Answers to it would be nobody's.
            QFile::remove(paths.at(static_cast<qsizetype>(before)));
        EVALWRIGHT_TRY(project->writeNow(
            [&](Connection &c) -> Status {
                EVALWRIGHT_TRY(removeReviewBundle(c, made.uuid));
                return freeLists(c, review, reserved);
            },
            {Topic::Reviews}));
        return tl::unexpected<Error>(std::move(published).error());
    }
    return made;
}

} // namespace evalwright::review
