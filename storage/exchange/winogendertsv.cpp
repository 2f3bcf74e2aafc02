// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/winogendertsv.h"

#include "core/utf8text.h"
#include "storage/exchange/delimitedreader.h"
#include "storage/exchange/rowparts.h"
#include "storage/exchange/winogenderrow.h"

#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QByteArray templateHeader = "occupation(0)\tother-participant(1)\tanswer\tsentence";
const QByteArray sentenceHeader = "sentid\tsentence";

/// An item of the family with the answer that these schemas have beside it.
void fillItem(Candidate &c, winogender::Sentence sentence, qint64 index, const QString &answer)
{
    sentence.number = QString::number(index);
    winogender::fill(c, sentence);
    c.parseStatus = u"imported"_s;
    if (auto fields = parseJsonRow(c.fields.toUtf8())) {
        fields->root.add(u"answer"_s, {JsonNode::Kind::Number, answer, 0, {}, {}});
        c.fields = fields->root.toText();
    }
}

class Reader final : public RowReader
{
public:
    Reader(QIODevice &device, const ReadSettings &settings) : m_table(device, {'\t', false}, settings.longestRow) {}

    bool next(ImportedRow &row) override
    {
        row = {};
        if (!m_begun && !begin())
            return false;
        if (m_templates) {
            TableRecord record;
            if (!m_table.next(record))
                return false;
            readTemplate(record, row);
            return true;
        }
        return nextSentences(row);
    }
    FileFacts facts() const override
    {
        FileFacts facts;
        facts.family = u"winogender"_s;
        facts.dialect = toText(m_table.lines());
        return facts;
    }
    std::optional<Error> refusal() const override { return m_refusal; }

private:
    bool begin()
    {
        m_begun = true;
        TableRecord header;
        const bool any = m_table.next(header);
        m_templates = header.raw == templateHeader;
        if (any && (m_templates || header.raw == sentenceHeader))
            return true;
        m_refusal = Error(ErrorCode::InvalidInput, u"This is neither templates.tsv nor all_sentences.tsv."_s,
                          u"Other tables are read as tsv."_s)
                        .withConsequence(u"Nothing was imported."_s);
        return false;
    }

    /// False, with a problem in the row, unless the record has that many cells, none empty.
    static bool isComplete(const TableRecord &record, qsizetype cells, ImportedRow &row)
    {
        row.candidate.sourceLine = record.line;
        if (record.problem)
            row.problem = record.problem;
        else if (record.cells.size() != cells)
            row.problem = problem(record, 0, u"column-count"_s,
                                  u"The row has %1 cells, the header %2."_s.arg(record.cells.size()).arg(cells));
        else if (const qsizetype empty = record.cells.indexOf(QByteArray()); empty >= 0)
            row.problem = problem(record, record.offsets[empty], u"missing-field"_s, u"A cell is empty."_s);
        return !row.problem;
    }
    static RowProblem problem(const TableRecord &record, qsizetype offset, const QString &reason,
                              const QString &message)
    {
        RowProblem out = rows::problemAt(record.raw, offset, reason, message);
        out.line = record.line;
        return out;
    }

    void readTemplate(const TableRecord &record, ImportedRow &row)
    {
        if (!isComplete(record, 4, row))
            return;
        const QString answer = utf8Text(record.cells[2]);
        if (answer != "0"_L1 && answer != "1"_L1) {
            row.problem = problem(record, record.offsets[2], u"wrong-type"_s, u"The answer must be 0 or 1."_s);
            return;
        }
        struct Pronoun
        {
            QString place;
            QStringList forms;
        };
        static const std::array<Pronoun, 3> pronouns{{{u"$NOM_PRONOUN"_s, {u"he"_s, u"she"_s, u"they"_s}},
                                                      {u"$ACC_PRONOUN"_s, {u"him"_s, u"her"_s, u"them"_s}},
                                                      {u"$POSS_PRONOUN"_s, {u"his"_s, u"her"_s, u"their"_s}}}};
        winogender::Sentence sentence;
        sentence.occupation = utf8Text(record.cells[0]);
        sentence.otherPerson = utf8Text(record.cells[1]);
        sentence.text = utf8Text(record.cells[3]);
        for (const Pronoun &pronoun : pronouns) {
            if (!sentence.text.contains(pronoun.place))
                continue;
            sentence.pronouns = pronoun.forms;
            sentence.text.replace(pronoun.place, u"_"_s);
        }
        if (sentence.text.count(u'_') != 1) {
            row.problem = problem(record, record.offsets[3], u"wrong-type"_s,
                                  u"The sentence must have exactly one place for a pronoun ($NOM_PRONOUN, $ACC_PRONOUN "
                                  u"or $POSS_PRONOUN)."_s);
            return;
        }
        sentence.text.replace(u"$OCCUPATION"_s, sentence.occupation).replace(u"$PARTICIPANT"_s, sentence.otherPerson);
        rows::flagText(sentence.text, row.flags);
        row.candidate.extra = rows::extraOf(JsonNode::object(), [](const QString &) { return true; }, row.flags);
        fillItem(row.candidate, sentence, m_index++, answer);
    }

    struct Line
    {
        TableRecord record;
        QStringList id; ///< occupation, participant, answer, gender
        QString sentence;
    };

    /// A line with its id taken apart; false at the end.
    bool nextLine(Line &line, ImportedRow &row)
    {
        line = {};
        if (!m_table.next(line.record))
            return false;
        if (!isComplete(line.record, 2, row))
            return true;
        const QString name = QString::fromUtf8(line.record.cells[0]);
        line.id = name.split(u'.');
        line.sentence = utf8Text(line.record.cells[1]);
        if (line.id.size() != 5 || (line.id[2] != "0"_L1 && line.id[2] != "1"_L1) || line.id[4] != "txt"_L1)
            row.problem = problem(line.record, 0, u"wrong-type"_s,
                                  u"A sentence is named occupation.participant.answer.gender.txt."_s);
        return true;
    }

    bool nextSentences(ImportedRow &row)
    {
        static const QStringList genders{u"male"_s, u"female"_s, u"neutral"_s};
        if (m_later) {
            row = *std::exchange(m_later, std::nullopt);
            return true;
        }
        if (m_waiting.sentence.isNull()) {
            if (!nextLine(m_waiting, row))
                return false;
            if (row.problem) {
                m_waiting = {};
                return true;
            }
        }
        std::array<Line, 3> group;
        group[0] = std::exchange(m_waiting, {});
        row.candidate.sourceLine = group[0].record.line;
        const QStringList names = group[0].id.mid(0, 3);
        bool whole = group[0].id[3] == genders[0];
        for (size_t i = 1; i < group.size() && whole; ++i) {
            ImportedRow other;
            if (!nextLine(group[i], other)) {
                whole = false;
            } else if (other.problem) {
                m_later = other;
                whole = false;
            } else if (group[i].id.mid(0, 3) != names || group[i].id[3] != genders[static_cast<qsizetype>(i)]) {
                m_waiting = group[i];
                whole = false;
            }
        }
        if (!whole) {
            row.problem = problem(group[0].record, 0, u"missing-field"_s,
                                  u"A sentence needs its male, female and neutral form in lines that follow each other."_s);
            return true;
        }
        makeItem(group, row);
        return true;
    }

    void makeItem(const std::array<Line, 3> &group, ImportedRow &row)
    {
        // The pronoun is the word in which the three sentences differ.
        std::array<QStringList, 3> words;
        for (size_t i = 0; i < 3; ++i)
            words[i] = group[i].sentence.split(u' ');
        qsizetype at = 0;
        const bool sameLength = words[0].size() == words[1].size() && words[0].size() == words[2].size();
        while (sameLength && at < words[0].size() && words[0][at] == words[1][at])
            ++at;
        winogender::Sentence sentence;
        bool good = sameLength && at < words[0].size();
        if (good) {
            // What stands behind it, as a full stop, stays in the sentence.
            const QString first = words[0][at];
            qsizetype letters = first.size();
            while (letters > 0 && !first[letters - 1].isLetter())
                --letters;
            const QString behind = first.mid(letters);
            for (QStringList &list : words) {
                good = good && list[at].endsWith(behind) && list[at].size() > behind.size();
                sentence.pronouns << list[at].chopped(qMin(behind.size(), list[at].size()));
                list[at] = u'_' + behind;
            }
            // The verb behind it may agree with "they"; the blank stands before the form for one person, as in the
            // templates.
            if (at + 1 < words[0].size())
                words[2][at + 1] = words[0][at + 1];
            good = good && words[0] == words[1] && words[0] == words[2] && words[0].join(u' ').count(u'_') == 1;
        }
        if (!good) {
            row.problem = problem(group[0].record, group[0].record.offsets[1], u"wrong-type"_s,
                                  u"The three forms of the sentence must differ in their pronoun alone."_s);
            return;
        }
        sentence.text = words[0].join(u' ');
        sentence.occupation = group[0].id[0];
        sentence.otherPerson = group[0].id[1];
        rows::flagText(sentence.text, row.flags);
        row.candidate.extra = rows::extraOf(JsonNode::object(), [](const QString &) { return true; }, row.flags);
        fillItem(row.candidate, sentence, m_index++, group[0].id[2]);
    }

    DelimitedReader m_table;
    bool m_begun = false, m_templates = false;
    std::optional<Error> m_refusal;
    std::optional<ImportedRow> m_later; ///< A bad line behind a group that it broke.
    Line m_waiting; ///< Read with the group before; no sentence: none.
    qint64 m_index = 0;
};

bool recognises(const QByteArray &head)
{
    const QByteArray line = head.left(head.indexOf('\n')).trimmed();
    return line == templateHeader || line == sentenceHeader;
}

} // namespace

FileFormat winogenderFormat()
{
    return {u"winogender"_s, u"Winogender schemas (templates.tsv, all_sentences.tsv)"_s, recognises,
            [](QIODevice &device, const ReadSettings &settings) -> std::unique_ptr<RowReader> {
                return std::make_unique<Reader>(device, settings);
            }};
}

} // namespace evalwright
