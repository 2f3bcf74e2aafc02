// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/observations/observationcsv.h"

#include "core/text.h"
#include "storage/exchange/delimitedreader.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/meter.h"
#include "storage/exchange/recordsource.h"
#include "storage/exchange/rowparts.h"

#include <QDate>
#include <QFile>

#include <array>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 longestRow = qint64{1} << 20;

enum Column {
    Dataset,
    Item,
    Cluster,
    ModelName,
    Family,
    Parameters,
    Steps,
    FrameName,
    Control,
    AnswerText,
    Matching,
    Probability,
    Training,
    Compute,
    Released,
    Order,
    Repeat,
    LabelConfidence,
    ColumnCount
};
constexpr std::array names{"dataset"_L1,    "item"_L1,     "cluster"_L1, "model"_L1,    "family"_L1,      "parameters"_L1,
                           "steps"_L1,      "frame"_L1,    "control"_L1, "answer"_L1,   "matching"_L1,    "probability"_L1,
                           "training"_L1,   "compute"_L1,  "released"_L1, "order"_L1,   "repeat"_L1,      "label_confidence"_L1};
static_assert(names.size() == ColumnCount);

/// What `matching` holds in this file.
enum class MatchingForm { Flag, Label };

std::optional<bool> flagOf(QStringView text)
{
    for (const auto word : {"1"_L1, "true"_L1, "1.0"_L1}) {
        if (text.compare(word, Qt::CaseInsensitive) == 0)
            return true;
    }
    for (const auto word : {"0"_L1, "false"_L1, "0.0"_L1}) {
        if (text.compare(word, Qt::CaseInsensitive) == 0)
            return false;
    }
    return std::nullopt;
}

class CsvSource final : public ObservationSource
{
public:
    explicit CsvSource(const QString &path) : m_path(path) {}

    Status open()
    {
        m_file.setFileName(m_path);
        QByteArray head;
        EVALWRIGHT_TRY(openInput(m_file, head));
        m_dialect = TableDialect{guessDelimiter(head), true};
        return findForm();
    }

    Status forEach(const std::function<void(ObservationRecord &&)> &use, const CancellationToken &token) override
    {
        return readAll(token, [&](const TableRecord &record) { use(recordOf(record)); });
    }

    qint64 position() const override { return m_position; }
    ObservationFacts facts() const override { return m_facts; }

private:
    template <class Use>
    Status readAll(const CancellationToken &token, Use use)
    {
        if (!m_file.seek(0))
            return failure(fileError(m_file, u"Could not read"_s, m_path));
        Meter meter(m_file, [this](qint64 bytes) { m_position = bytes; });
        DelimitedReader table(meter, m_dialect, longestRow);
        TableRecord record;
        if (!table.next(record))
            return failure(ErrorCode::InvalidInput, u"“%1” is empty."_s.arg(m_path), u"Check the file."_s);
        EVALWRIGHT_TRY(readHeader(record));
        while (table.next(record)) {
            if (token.isCancelled())
                return failure(stoppedOnRequest());
            use(record);
        }
        if (m_file.error() != QFileDevice::NoError)
            return failure(fileError(m_file, u"Could not read"_s, m_path));
        m_facts.sha256 = meter.sha256();
        m_facts.bytes = meter.bytes();
        return {};
    }

    /// One look at the whole file: what its column `matching` is.
    Status findForm()
    {
        bool anyFlag = false, anyLabel = false;
        EVALWRIGHT_TRY(readAll({}, [&](const TableRecord &record) {
            if (record.problem || m_place[Matching] < 0 || record.cells.size() != m_columns)
                return;
            const QString text = QString::fromUtf8(record.cells[m_place[Matching]]).trimmed();
            if (!text.isEmpty())
                (flagOf(text) ? anyFlag : anyLabel) = true;
        }));
        m_form = anyLabel ? MatchingForm::Label : MatchingForm::Flag;
        m_facts.format = u"observations"_s;
        if (m_place[Matching] >= 0 && anyLabel) {
            m_facts.notes << (anyFlag ? u"The column “matching” holds labels in some rows and 0 or 1 in others; it is "
                                        u"read as the label that would match."_s
                                      : u"The column “matching” is read as the label that would match."_s);
        }
        return {};
    }

    Status readHeader(const TableRecord &record)
    {
        const auto refuse = [&](const QString &what) {
            return failure(Error(ErrorCode::InvalidInput, what,
                                 u"A table of observations has a header with the columns dataset, item, model, and "
                                 u"matching or answer."_s)
                               .withConsequence(u"Nothing was imported."_s));
        };
        if (record.problem)
            return refuse(u"The header cannot be read: %1"_s.arg(record.problem->message));
        m_place.fill(-1);
        m_columns = record.cells.size();
        QStringList unread;
        for (qsizetype i = 0; i < record.cells.size(); ++i) {
            const QString name = QString::fromUtf8(record.cells[i]).trimmed().toLower();
            const auto known = std::find(names.begin(), names.end(), name);
            if (known == names.end()) {
                unread << name;
                continue;
            }
            qsizetype &place = m_place[static_cast<size_t>(known - names.begin())];
            if (place >= 0)
                return refuse(u"Two columns are named “%1”."_s.arg(name));
            place = i;
        }
        for (const Column needed : {Dataset, Item, ModelName}) {
            if (m_place[needed] < 0)
                return refuse(u"The column “%1” is missing."_s.arg(names[needed]));
        }
        if (m_place[Matching] < 0 && m_place[Probability] < 0)
            return refuse(u"Neither “matching” nor “probability” is among the columns."_s);
        if (!unread.isEmpty() && m_facts.notes.isEmpty())
            m_facts.notes << u"Columns that were not read: %1."_s.arg(rows::listOf(rows::sensibleNames(unread)));
        return {};
    }

    ObservationRecord recordOf(const TableRecord &record) const
    {
        ObservationRecord out;
        out.line = record.line;
        if (record.problem) {
            out.problem = record.problem;
            return out;
        }
        const auto bad = [&](qsizetype offset, const QString &reason, const QString &message, const QString &field) {
            if (out.problem)
                return;
            out.problem = rows::problemAt(record.raw, offset, reason, message, field);
            out.problem->line = record.line;
            out.problem->column = columnInRecord(record, offset);
        };
        if (record.cells.size() != m_columns) {
            bad(0, u"column-count"_s,
                u"The row has %1 cells, the header %2."_s.arg(record.cells.size()).arg(m_columns), {});
            return out;
        }
        const auto text = [&](Column column) {
            return m_place[column] < 0 ? QString() : QString::fromUtf8(record.cells[m_place[column]]);
        };
        const auto offset = [&](Column column) { return record.offsets[m_place[column]]; };
        const auto needed = [&](Column column) {
            const QString value = text(column);
            if (value.trimmed().isEmpty())
                bad(offset(column), u"missing-field"_s, u"“%1” is empty."_s.arg(names[column]), names[column]);
            return value;
        };
        /// Numbers may be written as 1.6e9; sizes also as 1.6B.
        const auto number = [&](Column column, double least, double most, bool whole) -> std::optional<double> {
            const QString value = text(column).trimmed();
            if (value.isEmpty())
                return std::nullopt;
            bool ok = false;
            double found = value.toDouble(&ok);
            if (!ok && (column == Parameters || column == Compute)) {
                const auto size = parametersFromText(value);
                ok = size.has_value();
                found = size.value_or(0);
            }
            if (!ok || !std::isfinite(found) || found < least || found > most || (whole && found != std::floor(found))) {
                bad(offset(column), u"wrong-type"_s,
                    u"“%1” must be %2, not “%3”."_s.arg(names[column],
                                                       whole ? u"a whole number"_s
                                                       : most <= 1 ? u"a number from 0 to 1"_s
                                                                   : u"a number above 0"_s,
                                                       value.left(40)),
                    names[column]);
                return std::nullopt;
            }
            return found;
        };
        out.dataset = needed(Dataset).trimmed();
        out.item = needed(Item);
        out.cluster = text(Cluster);
        out.model.name = needed(ModelName).trimmed();
        out.model.family = text(Family).trimmed();
        out.model.training = text(Training).trimmed();
        constexpr double huge = 1e40;
        out.model.parameters = number(Parameters, 1e-300, huge, false);
        out.model.compute = number(Compute, 1e-300, huge, false);
        if (const auto steps = number(Steps, 0, 9e15, true))
            out.model.steps = static_cast<qint64>(*steps);
        out.model.released = text(Released).trimmed();
        if (!out.model.released.isEmpty() && !QDate::fromString(out.model.released, Qt::ISODate).isValid())
            bad(offset(Released), u"wrong-type"_s,
                u"“released” must be a day as 2024-05-01, not “%1”."_s.arg(out.model.released.left(40)), u"released"_s);
        const auto orDefault = [&](Column column, QString &target) {
            const QString value = text(column).trimmed();
            if (!value.isEmpty())
                target = value;
        };
        orDefault(FrameName, out.frame);
        orDefault(Control, out.control);
        orDefault(Order, out.order);
        if (const auto repeat = number(Repeat, 0, 1e6, true))
            out.repeat = static_cast<qint64>(*repeat);
        out.answer = text(AnswerText);
        out.probability = number(Probability, 0, 1, false);
        out.labelConfidence = number(LabelConfidence, 0, 1, false);
        readMatching(text(Matching), out);
        return out;
    }

    void readMatching(const QString &matching, ObservationRecord &out) const
    {
        const QString text = matching.trimmed(), answer = out.answer.trimmed();
        const bool refused = answer.compare("refused"_L1, Qt::CaseInsensitive) == 0;
        if (m_form == MatchingForm::Label) {
            out.matchingLabel = matching;
            if (!answer.isEmpty() && !text.isEmpty() && !refused)
                out.matches = answer == text;
        } else {
            out.matches = flagOf(text);
        }
        if (!out.matches)
            out.outcome = refused ? u"refused"_s : u"unparsed"_s;
    }

    QString m_path;
    QFile m_file;
    qint64 m_position = 0;
    TableDialect m_dialect;
    std::array<qsizetype, ColumnCount> m_place{};
    qsizetype m_columns = 0;
    MatchingForm m_form = MatchingForm::Flag;
    ObservationFacts m_facts;
};

} // namespace

bool recognisesObservations(const QByteArray &head)
{
    const QByteArray line = head.left(head.indexOf('\n')).toLower().trimmed();
    QList<QByteArray> cells;
    for (QByteArray cell : line.split(guessDelimiter(head)))
        cells << cell.replace('"', QByteArray()).trimmed();
    return cells.contains("dataset") && cells.contains("item") && cells.contains("model") &&
           (cells.contains("matching") || cells.contains("probability"));
}

Result<std::unique_ptr<ObservationSource>> openObservationCsv(const QString &path)
{
    auto source = std::make_unique<CsvSource>(path);
    EVALWRIGHT_TRY(source->open());
    return std::unique_ptr<ObservationSource>(std::move(source));
}

} // namespace evalwright
