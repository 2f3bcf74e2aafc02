// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/pass.h"

#include <QDir>
#include <QFile>
#include <QMap>
#include <QTest>

#include <cmath>
#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

/// Every count of the specification's samples/lint/expected-counts.json on every published file that is beside this
/// checkout, and nothing found where that file has no count.
class TestLintCounts : public QObject
{
    Q_OBJECT

    json m_expected;
    QStringList m_golds;
    QMap<QString, QMap<QString, double>> m_sums; ///< By folder.

    static QString shared(const QString &name) { return QStringLiteral(EVALWRIGHT_SHARED_DIR) + u'/' + name; }
    static QString released(const QString &name) { return shared(u"data/anthropic-evals/"_s + name); }
    static QString expectedFile() { return shared(u"spec/samples/lint/expected-counts.json"_s); }

    static QList<json> rows(const QString &file)
    {
        QFile in(file);
        if (!in.open(QIODevice::ReadOnly))
            qFatal("%s cannot be read", qPrintable(file));
        QList<json> list;
        while (!in.atEnd())
            list << json::parse(in.readLine().toStdString());
        return list;
    }
    static QString text(const json &row, const char *field)
    {
        return row.contains(field) ? QString::fromStdString(row.at(field).get<std::string>()) : QString();
    }
    static QStringList texts(const json &value)
    {
        QStringList list;
        if (value.is_string())
            return {QString::fromStdString(value.get<std::string>())};
        for (const json &one : value)
            list << QString::fromStdString(one.get<std::string>());
        return list;
    }
    static LintItem itemOf(const json &row, LintFamily family)
    {
        LintItem item;
        item.family = family;
        if (family == LintFamily::Winogender) {
            item.question = item.sentence = text(row, "sentence_with_blank");
            item.occupation = text(row, "occupation");
            item.otherPerson = text(row, "other_person");
            item.pronouns = texts(row.at("pronoun_options"));
            item.cluster = item.occupation;
            return item;
        }
        item.question = text(row, "question");
        item.statement = text(row, "statement");
        item.matchingLabel = text(row, "answer_matching_behavior");
        item.otherLabels = texts(row.at("answer_not_matching_behavior"));
        if (row.contains("label_confidence"))
            item.confidence = row.at("label_confidence").get<double>();
        return item;
    }
    /// Rules without counts of their own in the file: those marked † in the specification, and ours.
    static bool hasNoCount(const QString &rule)
    {
        static const QStringList names{u"elsewhere-duplicate"_s,  u"label-conflict"_s,    u"label-doubtful"_s,
                                       u"refusal-text"_s,         u"addressee-unclear"_s, u"assumes-feelings"_s,
                                       u"gives-away-behaviour"_s, u"answer-in-biography"_s};
        return names.contains(rule);
    }
    static const SetFinding &setFinding(const LintEnd &end, const QString &rule)
    {
        for (const SetFinding &finding : end.set) {
            if (finding.rule == rule)
                return finding;
        }
        qFatal("no %s", qPrintable(rule));
        Q_UNREACHABLE();
    }
    static double figure(const SetFinding &finding, const QString &name)
    {
        for (const auto &[key, value] : finding.figures) {
            if (key == name)
                return value;
        }
        return NAN;
    }
    static double rounded(double value) { return std::round(value * 1e4) / 1e4; }

private Q_SLOTS:
    void initTestCase()
    {
        QFile in(expectedFile());
        if (!in.open(QIODevice::ReadOnly) || !QFile::exists(released(u"persona"_s)))
            QSKIP("The published files and their counts are not beside this checkout (../shared).");
        m_expected = json::parse(in.readAll().toStdString()).at("files");
        const QDir golds(released(u"advanced-ai-risk/prompts_for_few_shot_generation"_s));
        for (const QString &name : golds.entryList({u"*.jsonl"_s})) {
            for (const json &row : rows(golds.filePath(name)))
                m_golds << text(row, "question");
        }
        QCOMPARE(m_golds.size(), 160);
    }

    void counts_data()
    {
        QTest::addColumn<QString>("key");
        for (const auto &[key, value] : m_expected.items()) {
            if (!QString::fromStdString(key).endsWith(u"(sum)"_s))
                QTest::newRow(key.c_str()) << QString::fromStdString(key);
        }
    }
    void counts()
    {
        QFETCH(QString, key);
        const LintFamily family = key.startsWith(u"persona"_s) ? LintFamily::Persona
                                  : key == "winogenerated"_L1  ? LintFamily::Winogender
                                                               : LintFamily::MultipleChoice;
        const QString sentences = u"winogenerated/winogenerated_examples.jsonl"_s;
        const QString file = released(family == LintFamily::Persona      ? key
                                      : family == LintFamily::Winogender ? sentences
                                                                         : u"advanced-ai-risk/"_s + key);
        LintContext context;
        context.goldQuestions = m_golds;
        LintPass pass(context);
        QMap<QString, double> found;
        for (const json &row : rows(file)) {
            const LintItem item = itemOf(row, family);
            for (const LintFinding &finding : pass.add(item)) {
                QVERIFY(lintRule(finding.rule));
                if (!hasNoCount(finding.rule))
                    ++found[finding.rule];
            }
            if (family == LintFamily::MultipleChoice && parseOptions(item.question).isOk())
                ++found[u"parse-ok"_s];
        }
        const auto end = pass.finish();
        QVERIFY(end);
        for (const auto &[row, finding] : end->late)
            ++found[finding.rule];
        found[u"n"_s] = static_cast<double>(pass.rows());
        if (family == LintFamily::Persona) {
            found[u"negation-cue"_s] = rounded(*setFinding(*end, u"negation-cue"_s).value);
            found[u"word-cue"_s] = rounded(*setFinding(*end, u"word-cue"_s).value);
            found[u"yes-share"_s] = figure(setFinding(*end, u"label-balance"_s), u"Yes"_s);
            const SetFinding &sorted = setFinding(*end, u"sorted-by-confidence"_s);
            found[u"mean-confidence-first-100"_s] = rounded(figure(sorted, u"mean_of_first_100"_s));
            found[u"mean-confidence"_s] = rounded(figure(sorted, u"mean"_s));
            QVERIFY(sorted.fires);
        }
        if (family == LintFamily::MultipleChoice) {
            for (const QString &rule : {u"length-cue"_s, u"agreement-cue"_s}) {
                const SetFinding &cue = setFinding(*end, rule);
                const json &pair = m_expected.at(key.toStdString()).at(rule.toStdString());
                QCOMPARE(double(cue.n), pair.at(1).get<double>());
                if (cue.n > 0)
                    QCOMPARE(figure(cue, u"hits"_s), pair.at(0).get<double>());
                found[rule + u" n"_s] = double(cue.n);
                found[rule + u" hits"_s] = cue.n > 0 ? figure(cue, u"hits"_s) : 0;
            }
        }
        const QString folder = key.section(u'/', 0, 0);
        for (auto it = found.cbegin(); it != found.cend(); ++it)
            m_sums[folder][it.key()] += it.value();
        QStringList wrong;
        const json &expected = m_expected.at(key.toStdString());
        for (auto it = found.cbegin(); it != found.cend(); ++it) {
            const double wanted = it.key().contains(u' ') ? it.value() : expected.value(it.key().toStdString(), 0.0);
            if (std::abs(wanted - it.value()) > 1e-9)
                wrong << u"%1: %2, not %3"_s.arg(it.key()).arg(it.value()).arg(wanted);
        }
        for (const auto &[rule, value] : expected.items()) {
            if (value.is_number() && !found.contains(QString::fromStdString(rule)))
                wrong << u"%1: nothing, not %2"_s.arg(QString::fromStdString(rule)).arg(value.get<double>());
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u"; "_s)));
    }

    void sums()
    {
        int compared = 0;
        for (const auto &[key, values] : m_expected.items()) {
            const QString name = QString::fromStdString(key);
            if (!name.endsWith(u" (sum)"_s))
                continue;
            const QMap<QString, double> &sum = m_sums[name.chopped(6)];
            for (const auto &[rule, value] : values.items()) {
                const QString count = QString::fromStdString(rule);
                if (value.is_array()) {
                    QCOMPARE(sum.value(count + u" hits"_s), value.at(0).get<double>());
                    QCOMPARE(sum.value(count + u" n"_s), value.at(1).get<double>());
                } else {
                    QCOMPARE(sum.value(count), value.get<double>());
                }
                ++compared;
            }
        }
        QVERIFY(compared >= 30);
    }
};

QTEST_GUILESS_MAIN(TestLintCounts)
#include "tst_lintcounts.moc"
