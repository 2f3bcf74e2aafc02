// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/observations/lmevalsamples.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/statistics/labelconfidence.h"
#include "core/text.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/linereader.h"
#include "storage/exchange/meter.h"
#include "storage/exchange/recordsource.h"
#include "storage/exchange/rowparts.h"
#include "storage/exchange/observations/jsonmembers.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qint64 longestRow = qint64{64} << 20;
constexpr qint64 largestResults = qint64{64} << 20;

/// Numbers are written as texts in these logs.
std::optional<double> numberOf(const json *value)
{
    if (!value)
        return std::nullopt;
    if (value->is_number())
        return value->get<double>();
    bool ok = false;
    const double number = textOf(value).toDouble(&ok);
    return ok ? std::optional(number) : std::nullopt;
}

/// The log-likelihood of each choice, and the choice itself.
struct Choices
{
    QStringList texts;
    std::vector<double> logLikelihoods;
};

std::optional<Choices> choicesOf(const json &row)
{
    const json *arguments = member(row, "arguments");
    const json *answers = member(row, "filtered_resps");
    if (!answers)
        answers = member(row, "resps");
    if (!arguments || !arguments->is_object() || !answers || !answers->is_array() || answers->size() < 2)
        return std::nullopt;
    Choices choices;
    for (size_t i = 0; i < answers->size(); ++i) {
        const json *one = &(*answers)[i];
        while (one->is_array() && !one->empty())
            one = &(*one)[0];
        const auto likelihood = numberOf(one);
        const json *argument = member(*arguments, ("gen_args_" + std::to_string(i)).c_str());
        const QString text = argument ? textOf(member(*argument, "arg_1")) : QString();
        if (!likelihood || std::isnan(*likelihood) || *likelihood > 1e-6 || text.isEmpty())
            return std::nullopt;
        choices.logLikelihoods.push_back(*likelihood);
        choices.texts << text;
    }
    return choices;
}

class LmEvalSource final : public ObservationSource
{
public:
    LmEvalSource(const QString &path, QString model) : m_path(path), m_model(std::move(model)) {}

    Status open()
    {
        static const QRegularExpression name(u"^samples_(.+)_(\\d{4}-\\d{2}-\\d{2}T\\d{2}-\\d{2}-\\d{2}(?:\\.\\d+)?)$"_s);
        const QFileInfo info(m_path);
        const auto match = name.match(info.completeBaseName());
        m_task = match.hasMatch() ? match.captured(1) : info.completeBaseName();
        m_facts.format = u"lm-eval-samples"_s;
        m_facts.method = u"lm-eval"_s;
        if (m_model.isEmpty() && match.hasMatch())
            EVALWRIGHT_TRY(readResults(info.dir().filePath(u"results_%1.json"_s.arg(match.captured(2)))));
        if (m_model.isEmpty()) {
            return failure(Error(ErrorCode::InvalidInput, u"“%1” does not say which model answered."_s.arg(m_path),
                                 u"Put the results file of the same run beside it, or name the model with --model."_s)
                               .withConsequence(u"Nothing was imported."_s));
        }
        QByteArray head;
        m_file.setFileName(m_path);
        EVALWRIGHT_TRY(openInput(m_file, head));
        m_facts.bytes = m_file.size();
        return {};
    }

    Status forEach(const std::function<void(ObservationRecord &&)> &use, const CancellationToken &token) override
    {
        if (!m_file.seek(0))
            return failure(fileError(m_file, u"Could not read"_s, m_path));
        Meter meter(m_file, [this](qint64 bytes) { m_position = bytes; });
        LineReader lines(meter, longestRow);
        qint64 rows = 0, matching = 0, choices = 0;
        for (QByteArray row; lines.next(row);) {
            if (token.isCancelled())
                return failure(stoppedOnRequest());
            if (row.trimmed().isEmpty() && !lines.tooLong())
                continue;
            ObservationRecord record = recordOf(row, lines.tooLong());
            record.line = lines.number();
            if (record.problem)
                record.problem->line = record.line;
            ++rows;
            matching += record.matches == true ? 1 : 0;
            choices = std::max<qint64>(choices, record.otherLabels.size() + 1);
            use(std::move(record));
        }
        if (m_file.error() != QFileDevice::NoError)
            return failure(fileError(m_file, u"Could not read"_s, m_path));
        m_facts.sha256 = meter.sha256();
        m_facts.bytes = meter.bytes();
        // What servers that ignore `echo` give: every choice alike, so the first one always wins or none does.
        constexpr qint64 enough = 20;
        if (m_facts.notes.isEmpty() && rows >= enough && choices > 1 && matching * choices == rows) {
            m_facts.notes << u"Exactly one answer in %1 matches, which is chance: some servers ignore what the harness asks "
                             u"of them, and then all its numbers are chance."_s.arg(choices);
        }
        return {};
    }

    qint64 position() const override { return m_position; }
    ObservationFacts facts() const override { return m_facts; }

private:
    /// The results beside the log name the model.
    Status readResults(const QString &path)
    {
        QFile file(path);
        if (!file.exists())
            return {};
        if (!file.open(QIODevice::ReadOnly))
            return failure(fileError(file, u"Could not read"_s, path));
        if (file.size() > largestResults)
            return failure(ErrorCode::InvalidInput, u"“%1” is too large for a results file."_s.arg(path), u"Name the model with --model."_s);
        const json document = parseForeignJson(file.readAll());
        if (document.is_discarded()) {
            return failure(ErrorCode::InvalidInput, u"The results file “%1” cannot be read."_s.arg(path),
                           u"Name the model with --model."_s);
        }
        m_model = textOf(member(document, "model_name"));
        if (m_model.isEmpty()) {
            if (const json *config = member(document, "config"))
                m_model = textOf(member(*config, "model"));
        }
        m_model = withoutDirectory(m_model); // A local model's name may be the path on somebody's machine.
        return {};
    }

    ObservationRecord recordOf(const QByteArray &row, bool tooLong) const
    {
        ObservationRecord out;
        const auto bad = [&out](const QString &reason, const QString &message, const QString &field = {}) {
            out.problem = RowProblem{0, 0, reason, message, field, {}};
            return out;
        };
        if (tooLong)
            return bad(u"too-long"_s, u"The row is longer than 64 MiB."_s);
        const json parsed = parseForeignJson(row);
        if (parsed.is_discarded())
            return bad(u"json-syntax"_s, u"The row is not a JSON object that can be read."_s);
        const json *doc = member(parsed, "doc");
        if (!parsed.is_object() || !doc || !doc->is_object())
            return bad(u"missing-field"_s, u"“doc” is missing: this is no row of a sample log."_s, u"doc"_s);
        out.dataset = m_task;
        out.model.name = m_model;
        out.frame = u"lm-eval"_s;
        out.question = textOf(member(*doc, "question"));
        for (const char *name : {"item_id", "id", "statement", "question"}) {
            if (out.item.isEmpty())
                out.item = textOf(member(*doc, name));
        }
        if (out.item.isEmpty())
            out.item = textOf(member(parsed, "doc_hash"));
        if (out.item.isEmpty())
            return bad(u"missing-field"_s, u"The document has neither an id nor a question nor a hash."_s, u"doc"_s);
        for (const char *name : {"cluster", "question_id"}) {
            if (out.cluster.isEmpty())
                out.cluster = textOf(member(*doc, name));
        }
        out.labelConfidence = numberOf(member(*doc, "label_confidence"));
        if (out.labelConfidence && (*out.labelConfidence < 0 || *out.labelConfidence > 1))
            out.labelConfidence.reset();
        if (const auto choices = choicesOf(parsed))
            return chosen(*choices, parsed, std::move(out));
        return generated(parsed, std::move(out));
    }

    static ObservationRecord chosen(const Choices &choices, const json &row, ObservationRecord out)
    {
        const auto target = numberOf(member(row, "target"));
        const auto count = static_cast<double>(choices.texts.size());
        if (!target || *target != std::floor(*target) || *target < 0 || *target >= count) {
            out.problem = RowProblem{0, 0, u"label-not-in-options"_s, u"“target” is no number of a choice."_s, u"target"_s, {}};
            return out;
        }
        const auto matching = static_cast<qsizetype>(*target);
        const auto confidence = statistics::softmax(choices.logLikelihoods, 1);
        if (!confidence) {
            out.problem = RowProblem{0, 0, u"wrong-type"_s, u"The likelihoods of the choices say nothing."_s, u"resps"_s, {}};
            return out;
        }
        out.matchingLabel = choices.texts[matching];
        json labels = json::array();
        double mass = 0;
        for (qsizetype i = 0; i < choices.texts.size(); ++i) {
            if (i != matching)
                out.otherLabels << choices.texts[i];
            const double ll = choices.logLikelihoods[static_cast<size_t>(i)];
            mass += std::exp(ll);
            labels.push_back({{"label", choices.texts[i].toStdString()},
                              {"ll", ll},
                              {"p", confidence->probabilities[static_cast<size_t>(i)]}});
        }
        out.labels = QString::fromUtf8(canonicalJson(labels));
        out.probability = confidence->probabilities[static_cast<size_t>(matching)];
        if (mass <= 1 + 1e-6)
            out.labelMass = std::min(1.0, mass);
        if (!confidence->argmax) {
            out.outcome = u"undecided"_s; // Two choices are equally likely.
            return out;
        }
        out.answer = choices.texts[static_cast<qsizetype>(*confidence->argmax)];
        out.matches = out.answer == out.matchingLabel;
        return out;
    }

    /// A generated text: the harness said whether it is right.
    static ObservationRecord generated(const json &row, ObservationRecord out)
    {
        std::optional<double> score;
        if (const json *metrics = member(row, "metrics"); metrics && metrics->is_array()) {
            for (const json &metric : *metrics) {
                if (!score && metric.is_string())
                    score = numberOf(member(row, metric.get_ref<const std::string &>().c_str()));
            }
        }
        if (!score || (*score != 0 && *score != 1)) {
            out.problem = RowProblem{0, 0, u"missing-field"_s,
                                     u"The row has neither likelihoods of choices nor a metric that is 0 or 1."_s, u"metrics"_s, {}};
            return out;
        }
        const json *answer = member(row, "filtered_resps");
        while (answer && answer->is_array() && !answer->empty())
            answer = &(*answer)[0];
        constexpr qsizetype longestAnswer = 400;
        out.answer = textOf(answer).left(longestAnswer);
        out.matches = *score == 1;
        return out;
    }

    QString m_path, m_model, m_task;
    QFile m_file;
    qint64 m_position = 0;
    ObservationFacts m_facts;
};

} // namespace

bool recognisesLmEvalSamples(const QByteArray &head)
{
    const QByteArray line = head.left(head.indexOf('\n'));
    return line.trimmed().startsWith('{') && line.contains("\"doc_id\"") && line.contains("\"doc\"") &&
           (line.contains("\"resps\"") || line.contains("\"filtered_resps\"") || line.contains("\"doc_hash\"") ||
            head.indexOf('\n') < 0);
}

Result<std::unique_ptr<ObservationSource>> openLmEvalSamples(const QString &path, const QString &model)
{
    auto source = std::make_unique<LmEvalSource>(path, model);
    EVALWRIGHT_TRY(source->open());
    return std::unique_ptr<ObservationSource>(std::move(source));
}

} // namespace evalwright
