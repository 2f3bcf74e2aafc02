// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/bundlesitting.h"

#include "core/clock.h"
#include "core/foreignjson.h"
#include "core/hash.h"
#include "review/answersfile.h"
#include "review/givenlists.h"
#include "review/journal.h"
#include "storage/exchange/wholefile.h"

#include <QDir>
#include <QFileInfo>
#include <QSet>
#include <QThreadPool>
#include <QtConcurrent>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QString journalFormat = u"evalwright-review-journal/1"_s;
constexpr qint64 mostPlaces = 1000; ///< In one call.

class JournalSitting final : public BundleSitting
{
public:
    JournalSitting(Bundle bundle, std::unique_ptr<Journal> journal, QString rater, int slot, QString started)
        : m_bundle(std::move(bundle)), m_list(m_bundle.lists[slot]), m_journal(std::move(journal)),
          m_started(std::move(started))
    {
        m_slot = slot;
        m_journalPath = m_journal->path();
        m_isLastAnswerLost = m_journal->isTorn();
        m_answersPath = m_journalPath.chopped(QFileInfo(m_journalPath).suffix().size()) + u"ewanswers"_s;
        m_info.key = u"%1/%2/%3"_s.arg(m_bundle.id, QString::number(m_slot), rater);
        m_info.title = m_bundle.title;
        m_info.rater = std::move(rater);
        m_info.questionnaire = m_bundle.questionnaire;
        m_info.guideline = m_bundle.guideline;
        m_info.guidelineVersion = m_bundle.guidelineVersion;
        m_info.questionnaireVersion = m_bundle.questionnaireVersion;
        m_info.language = m_bundle.language;
        m_info.places = m_list.size();
        m_worker.setMaxThreadCount(1); // What follows is used on this thread only.
    }
    ~JournalSitting() override { m_worker.waitForDone(); }

    /// What the journal holds. Before anything else is asked.
    Status readJournal()
    {
        for (qsizetype i = 1; i < m_journal->records().size(); ++i) {
            const QString where = u"Line %1 of “%2”"_s.arg(i + 1).arg(m_journalPath);
            EVALWRIGHT_ASSIGN(const AnswerEvent event,
                              AnswerEvent::fromJson(parseForeignJson(m_journal->records().at(i)), where));
            if (auto fits = check(event.given); !fits || itemAt(event.given.position).itemId != event.itemId)
                return failure(ErrorCode::Corrupt, u"%1 does not fit the bundle."_s.arg(where),
                               u"Open the bundle that these answers were begun with, or choose another folder."_s,
                               fits ? QString() : fits.error().message);
            remember(event);
        }
        m_info.done = m_current.keys();
        return {};
    }

    QFuture<Result<QList<Place>>> places(qint64 from, qint64 count) override
    {
        return QtConcurrent::run(&m_worker, [this, from, count]() -> Result<QList<Place>> {
            QList<Place> found;
            for (qint64 at = std::max<qint64>(0, from); at < m_list.size() && at - from < std::min(count, mostPlaces);
                 ++at) {
                Place place{at, itemAt(at), orderAt(at), {}};
                if (const auto given = m_current.constFind(at); given != m_current.constEnd())
                    place.given = *given;
                found << place;
            }
            return found;
        });
    }

    QFuture<Status> store(const GivenJudgement &judgement) override
    {
        return QtConcurrent::run(&m_worker, [this, judgement]() -> Status {
            EVALWRIGHT_TRY(check(judgement));
            AnswerEvent event{judgement, itemAt(judgement.position).itemId, itemAt(judgement.position).contentHash,
                              orderAt(judgement.position), m_bundle.guidelineVersion};
            EVALWRIGHT_ASSIGN(event.given.answers,
                              checkedAnswers(m_bundle.questionnaire, judgement.answers,
                                             itemAt(judgement.position).keys(), judgement.state == submittedState));
            const json line = event.toJson();
            EVALWRIGHT_TRY(AnswerEvent::fromJson(line, u"The judgement"_s)); // Or nobody could read it again.
            EVALWRIGHT_TRY(m_journal->append(canonicalJson(line)));
            remember(event);
            return {};
        });
    }

    QFuture<Result<QString>> reasonToStop() override
    {
        // What others said and which items are gold only the project knows.
        return QtConcurrent::run(&m_worker, []() -> Result<QString> { return QString(); });
    }

    QFuture<Result<SavedAnswers>> saveAnswers(const QString &path, bool force) override
    {
        return QtConcurrent::run(&m_worker, [this, path, force]() -> Result<SavedAnswers> {
            AnswersFile file;
            file.bundleId = m_bundle.id;
            file.projectId = m_bundle.projectId;
            file.reviewId = m_bundle.reviewId;
            file.guidelineSha256 = m_bundle.guidelineSha256;
            file.questionnaireSha256 = m_bundle.questionnaireSha256;
            file.bundleSeal = m_bundle.seal;
            file.rater = m_info.rater;
            file.slot = m_slot;
            file.programVersion = QStringLiteral(EVALWRIGHT_VERSION);
            file.started = m_started;
            file.saved = m_events.empty() ? m_started : m_events.back().given.submittedAt;
            file.events = m_events;
            EVALWRIGHT_ASSIGN(const QByteArray bytes, answersBytes(file));
            const QString target = path.isEmpty() ? m_answersPath : path;
            EVALWRIGHT_TRY(writeWholeFile(target, bytes, force || isEarlierSave(target)));
            return SavedAnswers{target, sha256Hex(bytes), static_cast<qint64>(m_events.size())};
        });
    }

private:
    const ShownItem &itemAt(qint64 position) const { return m_bundle.items.at(m_list.at(position)); }
    QStringList orderAt(qint64 position) const
    {
        return optionOrder(itemAt(position).keys(), m_bundle.orderSeed, m_slot, position);
    }

    Status check(const GivenJudgement &given) const
    {
        if (given.position < 0 || given.position >= m_list.size())
            return failure(ErrorCode::NotFound, u"The list has no place %1."_s.arg(given.position + 1));
        if (m_known.contains(given.uuid))
            return failure(ErrorCode::AlreadyExists, u"The judgement %1 is stored already."_s.arg(given.uuid));
        const bool takesBack = !given.replaces.isEmpty() || given.state == withdrawnState;
        const auto current = m_current.constFind(given.position);
        if (takesBack && (current == m_current.constEnd() || current->uuid != given.replaces))
            return failure(ErrorCode::NotFound, u"There is no judgement of this item to take back."_s);
        if (!takesBack && current != m_current.constEnd())
            return failure(ErrorCode::AlreadyExists, u"Place %1 has a judgement."_s.arg(given.position + 1),
                           u"Correct it, or take it back first."_s);
        return {};
    }

    void remember(const AnswerEvent &event)
    {
        m_known << event.given.uuid;
        if (event.given.state == withdrawnState)
            m_current.remove(event.given.position);
        else
            m_current.insert(event.given.position, event.given);
        m_events.push_back(event);
    }

    /// Whether the file is this sitting's own, and says nothing that would be lost.
    bool isEarlierSave(const QString &path) const
    {
        if (!QFileInfo::exists(path))
            return false;
        const auto there = readAnswers(path);
        return there && there->bundleId == m_bundle.id && there->rater == m_info.rater && there->slot == m_slot &&
               std::ranges::all_of(there->events,
                                   [&](const AnswerEvent &event) { return m_known.contains(event.given.uuid); });
    }

    Bundle m_bundle;
    QList<qint32> m_list;
    std::unique_ptr<Journal> m_journal;
    QString m_started;
    std::vector<AnswerEvent> m_events;
    QMap<qint64, GivenJudgement> m_current; ///< By position.
    QSet<QString> m_known;
    QThreadPool m_worker; // Last: its work uses all of the above.
};

/// Whether the journal says which list it is about.
bool isBegun(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && file.readLine(1 << 16).endsWith('\n');
}

Result<int> chosenSlot(const Bundle &bundle, const std::optional<int> &wanted)
{
    QStringList numbers;
    for (auto it = bundle.lists.keyBegin(); it != bundle.lists.keyEnd(); ++it)
        numbers << QString::number(*it + 1);
    if (wanted && bundle.lists.contains(*wanted))
        return *wanted;
    if (!wanted && bundle.lists.size() == 1)
        return bundle.lists.firstKey();
    return failure(ErrorCode::InvalidInput,
                   wanted ? u"The bundle has no list %1."_s.arg(*wanted + 1) : u"The bundle has several lists."_s,
                   u"Choose one of the lists %1: the one that you were given."_s.arg(numbers.join(u", "_s)));
}

} // namespace

Result<std::shared_ptr<BundleSitting>> openBundleSitting(const BundleSittingOptions &options)
{
    EVALWRIGHT_TRY(mayRate(options.rater));
    EVALWRIGHT_ASSIGN(Bundle bundle, readBundle(options.bundle));
    const QFileInfo file(options.bundle);
    const QDir folder(options.folder.isEmpty() ? file.absolutePath() : options.folder);
    const QString path = folder.filePath(u"%1.%2.ewjournal"_s.arg(file.completeBaseName(), options.rater));
    json first{{"format", journalFormat.toStdString()},
               {"bundle_id", bundle.id.toStdString()},
               {"manifest_sha256", bundle.seal.manifestSha256.toStdString()},
               {"rater", options.rater.toStdString()},
               {"slot", nullptr},
               {"started", isoNow().toStdString()}};
    if (!isBegun(path) || options.slot) {
        EVALWRIGHT_ASSIGN(const int slot, chosenSlot(bundle, options.slot));
        first["slot"] = slot;
    } else if (bundle.lists.size() == 1) {
        first["slot"] = bundle.lists.firstKey();
    }
    EVALWRIGHT_ASSIGN(std::unique_ptr<Journal> journal, Journal::open(path, canonicalJson(first)));
    const json head = parseForeignJson(journal->records().first());
    const qint64 slot = wholeIn(head, "slot");
    const auto other = [&](const QString &what, const QString &instead) {
        return failure(Error(ErrorCode::InvalidInput, u"“%1” %2."_s.arg(path, what), instead)
                           .withConsequence(u"Nothing was changed."_s));
    };
    if (textIn(head, "format") != journalFormat)
        return other(u"is no journal that this program can read"_s,
                     u"Use a newer program, or choose another folder."_s);
    for (const char *name : {"bundle_id", "manifest_sha256", "rater"}) {
        if (partOf(head, name) != first[name])
            return other(u"holds answers to another bundle, or of another rater"_s,
                         u"Choose another folder for the answers."_s);
    }
    if (slot < 0 || !bundle.lists.contains(static_cast<int>(slot)) || (options.slot && *options.slot != slot))
        return other(u"holds this rater's answers to list %1"_s.arg(slot + 1),
                     u"Go on with that list, or use another code."_s);
    auto sitting = std::make_shared<JournalSitting>(std::move(bundle), std::move(journal), options.rater,
                                                    static_cast<int>(slot), textIn(head, "started"));
    EVALWRIGHT_TRY(sitting->readJournal());
    return sitting;
}

} // namespace evalwright::review
