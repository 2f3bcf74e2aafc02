// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/observations/inspectsample.h"

#include "core/hash.h"
#include "core/statistics/labelconfidence.h"
#include "core/text.h"
#include "storage/exchange/observations/jsonmembers.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qsizetype longestAnswer = 400;

/// Names of items: a text or a whole number.
QString nameOf(const json *value)
{
    if (value && value->is_number_integer())
        return QString::fromStdString(value->dump());
    return textOf(value);
}

class Sample
{
public:
    Sample(const json &sample, const InspectHeader &header) : m_sample(sample), m_header(header) {}

    ObservationRecord record()
    {
        m_out.dataset = m_header.task;
        m_out.model.name = m_header.model;
        m_out.frame = u"inspect"_s;
        if (!m_sample.is_object())
            return bad(u"not-an-object"_s, u"The sample is no JSON object."_s);
        m_out.item = nameOf(member(m_sample, "id"));
        if (m_out.item.isEmpty())
            return bad(u"missing-field"_s, u"The sample has no id."_s, u"id"_s);
        const json *epoch = member(m_sample, "epoch");
        constexpr qint64 mostEpochs = std::numeric_limits<quint16>::max();
        if (epoch && (!epoch->is_number_integer() || *epoch < 1 || *epoch > mostEpochs))
            return bad(u"wrong-type"_s, u"The epoch is no whole number from 1 to %1."_s.arg(mostEpochs), u"epoch"_s);
        m_out.repeat = epoch ? epoch->get<qint64>() - 1 : 0;
        m_out.question = input();
        if (const json *metadata = member(m_sample, "metadata"))
            readMetadata(*metadata);
        readLabels();
        if (member(m_sample, "error")) {
            m_out.outcome = u"http-error"_s; // No answer came; what the error says may hold paths of somebody's machine.
            return m_out;
        }
        const json *score = scoreOf();
        if (!score)
            return unscored();
        return scored(*score);
    }

private:
    ObservationRecord bad(const QString &reason, const QString &message, const QString &field = {})
    {
        m_out.problem = RowProblem{0, 0, reason, message, field, {}};
        return m_out;
    }

    /// A text, or the one that it stands for: "attachment://HASH".
    QString resolved(const json *value) const
    {
        const QString text = textOf(value);
        const QLatin1StringView scheme("attachment://");
        if (!text.startsWith(scheme))
            return text;
        const json *attachments = member(m_sample, "attachments");
        const json *there = attachments ? member(*attachments, text.mid(scheme.size()).toUtf8().constData()) : nullptr;
        return there ? textOf(there) : text;
    }

    /// What was asked: the text itself, or the last message of the user.
    QString input() const
    {
        const json *value = member(m_sample, "input");
        if (!value || !value->is_array())
            return resolved(value);
        for (auto message = value->rbegin(); message != value->rend(); ++message) {
            if (textOf(member(*message, "role")) != "user"_L1)
                continue;
            const json *content = member(*message, "content");
            if (!content || !content->is_array())
                return resolved(content);
            QStringList parts;
            for (const json &part : *content) {
                if (textOf(member(part, "type")) == "text"_L1)
                    parts << resolved(member(part, "text"));
            }
            return parts.join(u'\n');
        }
        return {};
    }

    void readMetadata(const json &metadata)
    {
        m_out.statement = resolved(member(metadata, "statement"));
        for (const char *name : {"cluster", "question_id"}) {
            if (m_out.cluster.isEmpty())
                m_out.cluster = nameOf(member(metadata, name));
        }
        if (const json *confidence = member(metadata, "label_confidence"); confidence && confidence->is_number()) {
            const auto value = confidence->get<double>();
            if (value >= 0 && value <= 1)
                m_out.labelConfidence = value;
        }
    }

    /// The target, where there is one, and what else could have been said.
    void readLabels()
    {
        const json *target = member(m_sample, "target");
        if (target && target->is_array())
            target = target->size() == 1 ? &target->front() : nullptr; // Several right answers are no label.
        QString matching = resolved(target).trimmed();
        if (const json *choices = member(m_sample, "choices"); choices && choices->is_array()) {
            // Choices are named by letters, A first.
            constexpr std::size_t letters = 26;
            for (std::size_t i = 0; i < std::min(choices->size(), letters); ++i)
                m_labels << QString(QChar(u'A' + static_cast<char16_t>(i)));
        } else if (matching == "Yes"_L1 || matching == "No"_L1) {
            m_labels = {u"Yes"_s, u"No"_s};
        }
        if (matching.size() > longestAnswer)
            return; // An essay to compare with, no label.
        m_out.matchingLabel = matching;
        if (m_labels.contains(matching)) {
            for (const QString &label : std::as_const(m_labels)) {
                if (label != matching)
                    m_out.otherLabels << label;
            }
        }
    }

    const json *scoreOf() const
    {
        const json *scores = member(m_sample, "scores");
        if (!scores || !scores->is_object() || scores->empty())
            return nullptr;
        const json *one = m_header.scorer.isEmpty() ? nullptr : member(*scores, m_header.scorer.toUtf8().constData());
        return one ? one : &scores->front();
    }

    bool refusedByServer() const
    {
        const json *output = member(m_sample, "output");
        const json *choices = output ? member(*output, "choices") : nullptr;
        return choices && choices->is_array() && !choices->empty() &&
               textOf(member(choices->front(), "stop_reason")) == "content_filter"_L1;
    }

    ObservationRecord unscored()
    {
        if (!refusedByServer())
            return bad(u"missing-field"_s, u"The sample has no score."_s, u"scores"_s);
        m_out.outcome = u"refused"_s;
        return m_out;
    }

    /// The probability of each label, where the scorer wrote logarithms of them.
    void readProbabilities(const json &score)
    {
        const json *metadata = member(score, "metadata");
        const json *logs = metadata ? member(*metadata, "logprob") : nullptr;
        if (!logs || !logs->is_object() || logs->size() < 2)
            return;
        std::vector<double> values;
        QStringList names;
        double mass = 0;
        for (const auto &[name, value] : logs->items()) {
            if (!value.is_number() || value.get<double>() > 1e-6)
                return;
            names << QString::fromStdString(name).trimmed();
            values.push_back(value.get<double>());
            mass += std::exp(values.back());
        }
        const qsizetype matching = names.indexOf(m_out.matchingLabel);
        const auto confidence = statistics::softmax(values, 1);
        if (!confidence || matching < 0)
            return;
        json labels = json::array();
        for (qsizetype i = 0; i < names.size(); ++i) {
            const auto at = static_cast<std::size_t>(i);
            labels.push_back({{"label", names[i].toStdString()}, {"ll", values[at]}, {"p", confidence->probabilities[at]}});
            if (!m_labels.contains(names[i]))
                m_labels << names[i];
        }
        m_out.labels = QString::fromUtf8(canonicalJson(labels));
        m_out.probability = confidence->probabilities[static_cast<std::size_t>(matching)];
        if (mass <= 1 + 1e-6)
            m_out.labelMass = std::min(1.0, mass);
    }

    ObservationRecord scored(const json &score)
    {
        readProbabilities(score);
        m_out.answer = resolved(member(score, "answer")).trimmed().left(longestAnswer);
        const QString reason = textOf(member(score, "reason"));
        if (reason == "refusal"_L1 || (m_out.answer.isEmpty() && refusedByServer())) {
            m_out.outcome = u"refused"_s;
            m_out.answer.clear();
            return m_out;
        }
        if (reason == "invalid_response_format"_L1) {
            m_out.outcome = u"unparsed"_s;
            m_out.answer.clear();
            return m_out;
        }
        if (m_labels.contains(m_out.answer) && m_labels.contains(m_out.matchingLabel)) {
            m_out.matches = m_out.answer == m_out.matchingLabel;
            m_out.answerIsLabel = true;
            return m_out;
        }
        const json *value = member(score, "value");
        if (value)
            return byValue(*value);
        if (!score.contains("value"))
            return bad(u"missing-field"_s, u"The score has no value."_s, u"value"_s);
        // null, or NaN: the scorer could not say.
        m_out.outcome = u"unparsed"_s;
        m_out.answer.clear();
        return m_out;
    }

    ObservationRecord byValue(const json &value)
    {
        std::optional<double> number;
        if (value.is_boolean())
            number = value.get<bool>() ? 1 : 0;
        else if (value.is_number())
            number = value.get<double>();
        const QString letter = textOf(&value);
        if (letter == "C"_L1 || number == 1)
            m_out.matches = true;
        else if (letter == "I"_L1 || number == 0)
            m_out.matches = false;
        else if (letter == "P"_L1 || (number && *number > 0 && *number < 1))
            m_out.outcome = u"undecided"_s; // Half right is neither.
        else if (letter == "N"_L1)
            m_out.outcome = u"unparsed"_s;
        else
            return bad(u"wrong-type"_s, u"The score is none of C, I, P, N, true, false, and no number from 0 to 1."_s, u"value"_s);
        if (m_out.outcome != "answered"_L1)
            m_out.answer.clear();
        else if (m_out.answer.isEmpty() && *m_out.matches && m_labels.contains(m_out.matchingLabel))
            m_out.answer = m_out.matchingLabel;
        return m_out;
    }

    const json &m_sample;
    const InspectHeader &m_header;
    ObservationRecord m_out;
    QStringList m_labels; ///< What counts as an answer by its label.
};

} // namespace

void readInspectEval(const json &eval, InspectHeader &header)
{
    header.task = textOf(member(eval, "task"));
    if (const json *dataset = member(eval, "dataset"); dataset && header.task.isEmpty())
        header.task = withoutDirectory(textOf(member(*dataset, "name")));
    // A local model's may be a path on a machine, behind a provider's name too: "vllm//srv/models/tiny".
    header.model = withoutDirectory(textOf(member(eval, "model")));
    if (header.model.contains("//"_L1))
        header.model = header.model.section(u'/', -1, -1, QString::SectionSkipEmpty);
    if (const json *scorers = member(eval, "scorers"); scorers && scorers->is_array() && !scorers->empty()) {
        header.scorers = static_cast<qint64>(scorers->size());
        header.scorer = textOf(member(scorers->front(), "name"));
    }
}

ObservationRecord inspectRecord(const json &sample, const InspectHeader &header)
{
    return Sample(sample, header).record();
}

} // namespace evalwright
