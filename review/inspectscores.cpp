// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/inspectscores.h"

#include "core/hash.h"
#include "review/judged.h"
#include "storage/exchange/outputfile.h"
#include "storage/exchange/safenames.h"
#include "storage/exchange/wholefile.h"
#include "storage/project.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

namespace evalwright::review {

using namespace Qt::StringLiterals;

namespace {

/// A choice between yes and no, which counts as a flag does.
bool isYesOrNo(const JudgedQuestion &question)
{
    return question.kind == QuestionKind::Choice && question.categories.size() == 2 &&
           question.categories.contains(u"yes"_s) && question.categories.contains(u"no"_s);
}

/// The value of one answer; unset where it has none.
std::optional<double> valueOf(const JudgedQuestion &question, bool isLabel, const JudgedItem &item, qint16 code)
{
    if (code < 0)
        return std::nullopt;
    if (isLabel)
        return item.label < 0 ? std::nullopt : std::optional(code == item.label ? 1.0 : 0.0);
    if (isYesOrNo(question))
        return question.categories.value(code) == "yes"_L1 ? 1 : 0;
    if (question.kind == QuestionKind::Flag)
        return code;
    bool isNumber = false;
    const double step = question.categories.value(code).toDouble(&isNumber);
    return isNumber ? std::optional(step) : std::nullopt;
}

/// The category that most chose; empty on a tie.
QString mostChosen(const JudgedQuestion &question, const std::vector<qint16> &codes)
{
    std::vector<int> votes(static_cast<size_t>(question.categories.size()), 0);
    for (const qint16 code : codes) {
        if (code >= 0 && static_cast<size_t>(code) < votes.size())
            ++votes[static_cast<size_t>(code)];
    }
    const auto most = std::ranges::max_element(votes);
    if (most == votes.end() || *most == 0 || std::ranges::count(votes, *most) > 1)
        return {};
    return question.categories[most - votes.begin()];
}

double deviation(const std::vector<double> &values, double mean)
{
    if (values.size() < 2)
        return 0;
    double sum = 0;
    for (const double value : values)
        sum += (value - mean) * (value - mean);
    return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

} // namespace

ScoreFiles inspectScores(const Judged &judged)
{
    ScoreFiles out;
    SafeNames names;
    std::vector<std::vector<const JudgedAnswer *>> answers(judged.items.size());
    for (const JudgedAnswer &answer : judged.answers) {
        if (!answer.isRepeat && !answer.isChanged && !answer.isSkipped && !answer.isBroken)
            answers[static_cast<size_t>(answer.item)].push_back(&answer);
    }
    for (qsizetype q = 0; q < judged.questions.size(); ++q) {
        const JudgedQuestion &question = judged.questions[q];
        const bool isLabel = q == judged.labelQuestion;
        if (!isLabel && !isYesOrNo(question) && question.kind != QuestionKind::Scale &&
            question.kind != QuestionKind::Flag) {
            out.passedOver << question.id;
            continue;
        }
        ScoreFile file;
        file.name = names.of(isLabel ? u"answer-agrees"_s : question.id);
        for (size_t i = 0; i < judged.items.size(); ++i) {
            const JudgedItem &item = judged.items[i];
            std::vector<double> values;
            std::vector<qint16> codes;
            for (const JudgedAnswer *answer : answers[i]) {
                const qint16 code = answer->codes[static_cast<size_t>(q)];
                if (const auto value = valueOf(question, isLabel, item, code)) {
                    values.push_back(*value);
                    codes.push_back(code);
                }
            }
            if (item.isGold || values.empty())
                continue;
            const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
            nlohmann::ordered_json row;
            row["id"] = item.uuid.toStdString();
            row["value"] = mean;
            if (const QString answer = isLabel ? mostChosen(question, codes) : QString(); !answer.isEmpty())
                row["answer"] = answer.toStdString();
            row["metadata"] = {{"raters", values.size()}, {"sd", deviation(values, mean)}};
            file.lines +=
                QByteArray::fromStdString(row.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)) +
                '\n';
            ++file.rows;
        }
        if (file.rows > 0)
            out.files << file;
    }
    return out;
}

Result<WrittenScores> exportInspectScores(Project &project, const QString &dataset, const QString &review,
                                          const QString &folder, bool overwrite, const CancellationToken &token)
{
    if (!QFileInfo(folder).isDir())
        return failure(Error(ErrorCode::InvalidInput,
                             u"“%1” is no folder; there is one file for each question."_s.arg(folder),
                             u"Name a folder that is there."_s)
                           .withConsequence(u"Nothing was written."_s));
    WrittenScores out;
    EVALWRIGHT_ASSIGN(const ScoreFiles scores, project.readNow([&](Connection &c) -> Result<ScoreFiles> {
        EVALWRIGHT_ASSIGN(const Dataset found, datasetByName(c, dataset));
        EVALWRIGHT_ASSIGN(const Review chosen, reviewByName(c, found.id, review));
        out.review = chosen.name;
        EVALWRIGHT_ASSIGN(const Judged judged, readJudged(c, chosen, token));
        return inspectScores(judged);
    }));
    if (scores.files.isEmpty())
        return failure(Error(ErrorCode::InvalidInput,
                             u"Nobody has rated an item of the review “%1” yet."_s.arg(out.review),
                             u"Let raters work on it first."_s)
                           .withConsequence(u"Nothing was written."_s));
    const auto pathOf = [&](const ScoreFile &file) { return QDir(folder).filePath(file.name + u".jsonl"_s); };
    std::vector<WholeFile> files; // All of them are on the disk before the first gets its name.
    for (const ScoreFile &file : scores.files) {
        EVALWRIGHT_TRY(mayWriteFile(pathOf(file), project.path(), overwrite));
        EVALWRIGHT_ASSIGN(WholeFile whole, WholeFile::prepare(pathOf(file), file.lines));
        files.push_back(std::move(whole));
    }
    for (size_t i = 0; i < files.size(); ++i) {
        EVALWRIGHT_TRY(files[i].publish(overwrite));
        const ScoreFile &file = scores.files[static_cast<qsizetype>(i)];
        out.files << WrittenScores::File{pathOf(file), sha256Hex(file.lines), file.rows};
    }
    out.passedOver = scores.passedOver;
    return out;
}

} // namespace evalwright::review
