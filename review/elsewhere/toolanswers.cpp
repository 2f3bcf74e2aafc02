// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/elsewhere/toolanswers.h"

#include "review/elsewhere/toolrows.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/recordsource.h"

#include <QFile>

#include <algorithm>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

enum class Shape { LabelStudio, LabelStudioMinimal, Argilla, ArgillaNested, Unknown };

Shape shapeOf(const json &object)
{
    if (!object.is_object())
        return Shape::Unknown;
    if (object.contains("data") && object.contains("annotations"))
        return Shape::LabelStudio;
    if (object.contains("annotation_id") && object.contains("annotator"))
        return Shape::LabelStudioMinimal;
    if (object.contains("responses") && object.contains("fields"))
        return Shape::ArgillaNested;
    const bool isFlat = object.contains("_server_id") || std::ranges::any_of(object.items(), [](const auto &member) {
                            return std::string_view(member.key()).ends_with(".responses");
                        });
    return isFlat ? Shape::Argilla : Shape::Unknown;
}

/// How the file begins: "[", "{", or something else, which may be a table.
char beginOf(QByteArray head)
{
    if (head.startsWith("\xef\xbb\xbf"))
        head.remove(0, 3);
    head = head.trimmed();
    return head.isEmpty() ? '\0' : head.at(0);
}

bool isTableOfAnswers(const QStringList &columns)
{
    return columns.contains("item_id"_L1) && columns.contains("annotation_id"_L1) && columns.contains("annotator"_L1);
}

/// By the first row that is one of theirs.
Result<Shape> shapeIn(const QString &path)
{
    QFile file(path);
    QByteArray head;
    EVALWRIGHT_TRY(openInput(file, head));
    Shape shape = Shape::Unknown;
    bool isEmpty = true;
    if (beginOf(head) == '[') {
        const bool isList = forEachElement(file, [&](const QByteArray &text, bool tooLong) {
            isEmpty = false;
            if (const auto object = rowObject(0, text, tooLong))
                shape = shapeOf(*object);
            return shape == Shape::Unknown;
        });
        return isList && isEmpty ? Shape::LabelStudio : shape; // A project without tasks.
    }
    if (beginOf(head) != '{')
        return Shape::Unknown;
    EVALWRIGHT_TRY(readRecords(
        path, [](const QStringList &) -> Status { return {}; },
        [&](const InputRecord &record) -> Status {
            if (const auto object = rowObject(0, record.raw, false); object && shape == Shape::Unknown)
                shape = shapeOf(*object);
            return {};
        }));
    return shape;
}

Error notRecognised(const QString &path)
{
    return Error(ErrorCode::InvalidInput, u"“%1” holds no answers of Label Studio or Argilla."_s.arg(path),
                 u"Export JSON, JSON_MIN, CSV or TSV from Label Studio, and flattened records from Argilla."_s)
        .withConsequence(u"Nothing of it was merged."_s);
}

class Reader
{
public:
    Reader(const QString &path, const CancellationToken &token) : m_token(token) { m_out.path = path; }

    Result<ToolAnswers> run()
    {
        QFile file(m_out.path);
        QByteArray head;
        EVALWRIGHT_TRY(openInput(file, head));
        const char begin = beginOf(head);
        if (begin != '[' && begin != '{') {
            EVALWRIGHT_TRY(table(head));
            return std::move(m_out);
        }
        EVALWRIGHT_ASSIGN(const Shape shape, shapeIn(m_out.path));
        if (shape == Shape::ArgillaNested) {
            return failure(
                Error(ErrorCode::Unsupported,
                      u"“%1” has the nested form of Argilla, which does not say which answers were handed in."_s.arg(
                          m_out.path),
                      u"Export with to_list(flatten=True) and write that as JSON."_s)
                    .withConsequence(u"Nothing of it was merged."_s));
        }
        if (shape == Shape::Unknown || (begin == '{' && shape != Shape::Argilla))
            return failure(notRecognised(m_out.path));
        m_out.tool = shape == Shape::Argilla ? Tool::Argilla : Tool::LabelStudio;
        m_out.form = shape == Shape::Argilla ? u"flattened"_s : shape == Shape::LabelStudio ? u"json"_s : u"json-min"_s;
        EVALWRIGHT_TRY(begin == '[' ? list(file) : lines());
        return std::move(m_out);
    }

private:
    Status list(QFile &file)
    {
        Status limits;
        const bool isComplete = forEachElement(file, [&](const QByteArray &text, bool tooLong) {
            use(++m_out.rows, text, tooLong);
            limits = within();
            return limits.has_value();
        });
        EVALWRIGHT_TRY(limits);
        if (file.error() != QFileDevice::NoError)
            return failure(fileError(file, u"Could not read"_s, m_out.path));
        if (!isComplete) {
            const QString what = u"The list breaks off here, or something stands behind it: the file seems cut short."_s;
            m_out.problems << ToolProblem{m_out.rows + 1, u"json-syntax"_s, {}, what, {}};
        }
        return {};
    }

    Status lines()
    {
        return readRecords(
            m_out.path, [](const QStringList &) -> Status { return {}; },
            [&](const InputRecord &record) -> Status {
                ++m_out.rows;
                if (record.problem)
                    m_out.problems << ToolProblem{record.line, record.problem->reason, {}, record.problem->message, {}};
                else
                    use(record.line, record.raw, false);
                return within();
            },
            m_token);
    }

    Status table(const QByteArray &head)
    {
        return readRecords(
            m_out.path,
            [&](const QStringList &columns) -> Status {
                if (!isTableOfAnswers(columns))
                    return failure(notRecognised(m_out.path));
                m_out.form = head.left(head.indexOf('\n')).contains('\t') ? u"tsv"_s : u"csv"_s;
                return {};
            },
            [&](const InputRecord &record) -> Status {
                ++m_out.rows;
                if (record.problem) {
                    m_out.problems << ToolProblem{record.line, record.problem->reason, record.problem->field,
                                                  record.problem->message, {}};
                    return {};
                }
                json row = json::object();
                for (std::size_t i = 0; i < record.object.items.size(); ++i)
                    row[record.object.keys.at(static_cast<qsizetype>(i)).toStdString()] =
                        record.object.items[i].text.toStdString();
                readLabelStudioTask(row, record.line, true, m_out);
                return within();
            },
            m_token);
    }

    void use(qint64 row, const QByteArray &text, bool tooLong)
    {
        const auto object = rowObject(row, text, tooLong);
        if (!object)
            m_out.problems << object.error();
        else if (m_out.tool == Tool::Argilla)
            readArgillaRecord(*object, row, m_out);
        else
            readLabelStudioTask(*object, row, false, m_out);
    }

    Status within() const
    {
        if (m_token.isCancelled())
            return failure(stoppedOnRequest());
        if (m_out.answers.size() <= ToolAnswers::mostAnswers)
            return {};
        return failure(Error(ErrorCode::InvalidInput,
                             u"“%1” has more than %2 answers."_s.arg(m_out.path).arg(ToolAnswers::mostAnswers),
                             u"Export fewer tasks into one file."_s)
                           .withConsequence(u"Nothing of it was merged."_s));
    }

    const CancellationToken &m_token;
    ToolAnswers m_out;
};

} // namespace

Result<std::optional<Tool>> answersToolOf(const QString &path)
{
    QFile file(path);
    QByteArray head;
    if (const Status opened = openInput(file, head); !opened)
        return std::optional<Tool>(); // Whoever reads it as a bundle's answers says what is wrong.
    const char begin = beginOf(head);
    if (head.startsWith("PK"))
        return std::optional<Tool>();
    if (begin != '[' && begin != '{') {
        const QByteArray first = head.left(head.indexOf('\n'));
        const bool isTable = first.contains("item_id") && first.contains("annotation_id") && first.contains("annotator");
        return isTable ? std::optional(Tool::LabelStudio) : std::nullopt;
    }
    EVALWRIGHT_ASSIGN(const Shape shape, shapeIn(path));
    if (shape == Shape::Unknown)
        return failure(notRecognised(path));
    return std::optional(shape == Shape::Argilla || shape == Shape::ArgillaNested ? Tool::Argilla : Tool::LabelStudio);
}

Result<ToolAnswers> readToolAnswers(const QString &path, const CancellationToken &token)
{
    return Reader(path, token).run();
}

} // namespace evalwright::review
