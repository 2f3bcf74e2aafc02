// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/questionbank.h"

#include "storage/exchange/familyfields.h"
#include "storage/exchange/itemfile.h"
#include "storage/exchange/options.h"
#include "storage/exchange/recordsource.h"
#include "storage/exchange/rowparts.h"

#include <QHash>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// The option that a letter, a text or a number from 0 names; -1 when it names none.
int indexOf(const JsonNode &answer, const QStringList &options)
{
    const QString text = answer.text.trimmed(), label = comparableLabel(text);
    const auto size = static_cast<int>(options.size());
    int index = label.size() == 1 ? label[0].unicode() - u'a' : -1;
    if (index < 0 || index >= size) {
        bool ok = false;
        const int number = text.toInt(&ok);
        index = ok ? number : static_cast<int>(options.indexOf(text));
    }
    return index >= 0 && index < size ? index : -1;
}

/// Questions of a file of items.
class FromItems
{
public:
    Status use(const ImportedRow &row)
    {
        if (row.problem) {
            m_bank.problems << *row.problem;
            return {};
        }
        const Candidate &c = row.candidate;
        const auto fields = parseJsonRow(c.fields.toUtf8());
        const auto member = [&](const QString &key) { return fields ? fields->root.find(key) : nullptr; };
        const JsonNode *stem = member(u"stem"_s), *options = member(u"options"_s),
                       *matching = member(u"matching_index"_s), *side = member(u"side"_s),
                       *bare = member(u"bare_question"_s);
        if (!stem || !options || !matching) {
            bad(c, u"label-not-in-options"_s, u"A question of a bank needs lettered options, (A), (B), …"_s);
            return {};
        }
        BankQuestion question;
        question.id = textId(bare ? bare->text : c.question);
        question.stem = stem->text;
        for (const JsonNode &option : options->items)
            question.options << option.text;
        const auto known = m_places.constFind(question.id);
        if (known == m_places.cend()) {
            m_places.insert(question.id, m_bank.questions.size());
            m_bank.questions << question;
        }
        if (!side)
            return {};
        const int index = matching->text.toInt();
        BankQuestion &stored = m_bank.questions[m_places.value(question.id)];
        if (stored.answers.value(side->text, index) != index)
            bad(c, u"label-conflict"_s, u"An earlier row gives “%1” another answer."_s.arg(side->text));
        else
            stored.answers.insert(side->text, index);
        return {};
    }
    BankTable bank() const { return m_bank; }

private:
    void bad(const Candidate &c, const QString &reason, const QString &message)
    {
        m_bank.problems << RowProblem{c.sourceLine.value_or(0), 1, reason, message, u"question"_s,
                                      c.question.left(120)};
    }
    BankTable m_bank;
    QHash<QString, qsizetype> m_places;
};

/// Questions of a list that says nothing of matching answers.
class FromRecords
{
public:
    void use(const InputRecord &record)
    {
        if (record.problem) {
            m_bank.problems << *record.problem;
            return;
        }
        BankQuestion question;
        if (!stemAndOptions(record, question) || !answers(record, question))
            return;
        const JsonNode *id = record.find({u"id"_s, u"question_id"_s});
        question.id = id ? id->text.trimmed() : QString();
        if (question.id.isEmpty())
            question.id = textId(bareQuestion(question));
        if (m_known.contains(question.id)) {
            bad(record, id, u"exact-duplicate"_s, u"A question “%1” was there before."_s.arg(question.id), u"id"_s);
            return;
        }
        m_known << question.id;
        m_bank.questions << question;
    }
    BankTable bank() const { return m_bank; }

private:
    void bad(const InputRecord &record, const JsonNode *node, const QString &reason, const QString &message,
             const QString &field)
    {
        m_bank.problems << record.problemAt(node, reason, message, field);
    }

    bool stemAndOptions(const InputRecord &record, BankQuestion &question)
    {
        const JsonNode *text = record.find({u"question"_s, u"stem"_s});
        if (!text || !text->isText() || text->text.trimmed().isEmpty()) {
            bad(record, text, u"missing-field"_s, u"The question is missing."_s, u"question"_s);
            return false;
        }
        const ParsedOptions parsed = parseOptions(text->text);
        question.stem = text->text.left(parsed.stemEnd).trimmed();
        const JsonNode *list = record.find({u"options"_s, u"choices"_s});
        std::optional<JsonRow> fromCell;
        if (list && list->isText()) {
            if (auto json = parseJsonRow(list->text.toUtf8()))
                fromCell = *json;
        }
        const JsonNode *array = fromCell ? &fromCell->root : list;
        if (array && array->kind == JsonNode::Kind::Array && std::ranges::all_of(array->items, &JsonNode::isText)) {
            for (const JsonNode &option : array->items)
                question.options << option.text.trimmed();
        } else if (list && !(list->isText() && list->text.isEmpty())) {
            bad(record, list, u"wrong-type"_s, u"The options must be a list of texts."_s, u"options"_s);
            return false;
        }
        for (char16_t letter = u'a'; letter <= u'z' && !list; ++letter) {
            const JsonNode *option = record.find({u"option_%1"_s.arg(QChar(letter))});
            if (!option || !option->isText() || option->text.trimmed().isEmpty())
                break;
            question.options << option->text.trimmed();
        }
        if (question.options.isEmpty() && parsed.isOk()) {
            const ChosenOptions chosen = chosenOptions(text->text, {u"A"_s});
            for (const QuestionOption &option : chosen.options)
                question.options << option.text;
        }
        if (question.options.size() < 2 || question.options.size() > 26) {
            bad(record, text, u"missing-field"_s,
                u"A question needs 2 to 26 options; this has %1."_s.arg(question.options.size()), u"options"_s);
            return false;
        }
        return true;
    }

    bool answers(const InputRecord &record, BankQuestion &question)
    {
        const auto add = [&](const QString &side, const JsonNode &answer) {
            if (answer.kind == JsonNode::Kind::Null || (answer.isText() && answer.text.trimmed().isEmpty()))
                return true;
            const int index = indexOf(answer, question.options);
            if (index < 0) {
                bad(record, &answer, u"label-not-in-options"_s,
                    u"The answer of “%1” is not among the options."_s.arg(side), u"answers"_s);
                return false;
            }
            question.answers.insert(side, index);
            return true;
        };
        std::optional<JsonRow> fromCell;
        const JsonNode *all = record.find({u"answers"_s});
        if (all && all->isText() && !all->text.trimmed().isEmpty()) {
            if (auto json = parseJsonRow(all->text.toUtf8()))
                fromCell = *json;
            if (!fromCell || fromCell->root.kind != JsonNode::Kind::Object) {
                bad(record, all, u"wrong-type"_s, u"The answers must be an object {side: answer}."_s, u"answers"_s);
                return false;
            }
        }
        const JsonNode *object = fromCell ? &fromCell->root : all;
        for (qsizetype i = 0; object && i < object->keys.size(); ++i) {
            JsonNode answer = object->items[static_cast<size_t>(i)];
            answer.begin = all->begin;
            if (!add(object->keys[i], answer))
                return false;
        }
        for (qsizetype i = 0; i < record.object.keys.size(); ++i) {
            const QString key = record.object.keys[i].trimmed();
            if (key.startsWith("answer_"_L1, Qt::CaseInsensitive) && key.size() > 7 &&
                !add(key.mid(7), record.object.items[static_cast<size_t>(i)]))
                return false;
        }
        return true;
    }

    BankTable m_bank;
    QSet<QString> m_known;
};

} // namespace

QString bareQuestion(const BankQuestion &question)
{
    QString text = question.stem;
    for (qsizetype i = 0; i < question.options.size(); ++i)
        text += u"\n (%1) %2"_s.arg(QChar(static_cast<char16_t>(u'A' + i))).arg(question.options[i]);
    return text + u"\n\nAnswer:"_s;
}

Result<BankTable> readQuestionBank(const QString &path, const CancellationToken &token)
{
    bool items = false;
    FromRecords records;
    const Status read = readRecords(
        path,
        [&](const QStringList &columns) -> Status {
            items = columns.contains(u"answer_matching_behavior"_s);
            const bool questions = std::ranges::any_of(columns, [](const QString &column) {
                const QString name = column.trimmed().toLower();
                return name == "question"_L1 || name == "stem"_L1;
            });
            // A file of items is read another way.
            if (questions && !items)
                return {};
            return failure(Error(ErrorCode::InvalidInput, u"No column holds questions."_s,
                                 u"Name one “question”. The file has: %1."_s.arg(rows::listOf(columns)))
                               .withConsequence(u"Nothing was read."_s));
        },
        [&](const InputRecord &record) -> Status {
            records.use(record);
            return {};
        },
        token);
    if (items) {
        FromItems fromItems;
        EVALWRIGHT_TRY(readItemFile(path, [&](const ImportedRow &row) { return fromItems.use(row); }, token));
        return fromItems.bank();
    }
    if (!read)
        return failure(read.error());
    return records.bank();
}

} // namespace evalwright
