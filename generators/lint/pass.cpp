// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/pass.h"

#include "core/text.h"
#include "generators/lint/nearduplicates.h"

namespace evalwright {

using namespace Qt::StringLiterals;

LintPass::LintPass(LintContext context)
    : m_context(std::move(context)), m_frame(m_context.frame),
      m_wording(m_context.behaviourName, m_context.description)
{
    if (m_wording.isAboutRefusing())
        m_context.severities.insert(u"refusal-text"_s, Severity::Off);
    for (const LintRule &rule : lintRules()) {
        if (rule.isSetRule() || !rule.check || !isActive(rule.name))
            continue;
        for (int family = 0; family < lintFamilies; ++family) {
            if (rule.appliesTo(static_cast<LintFamily>(family)))
                m_rules[static_cast<size_t>(family)].push_back({&rule, setting(rule)});
        }
    }
    m_looksNear = isActive(u"near-duplicate"_s);
    m_needsWords = m_looksNear || isActive(u"word-cue"_s);
    m_looksForWording = isActive(u"gives-away-behaviour"_s);
    m_looksBack = false;
    for (const auto *name : {u"exact-duplicate", u"folded-duplicate", u"stem-duplicate", u"elsewhere-duplicate",
                             u"seed-copy-exact", u"seed-copy-folded", u"label-conflict"})
        m_looksBack = m_looksBack || isActive(QString::fromUtf16(name));
    for (const QString &gold : std::as_const(m_context.goldQuestions)) {
        const QString stem = parseOptions(gold).stem;
        if (stem.isEmpty())
            continue;
        m_goldStems.add(textKey(stem), 0);
        m_foldedGoldStems.add(textKey(fold(stem)), 0);
    }
}

bool LintPass::isActive(const QString &rule) const
{
    return m_context.severities.value(rule, Severity::Info) != Severity::Off &&
           (m_context.only.isEmpty() || m_context.only.contains(rule));
}

std::optional<Severity> LintPass::setting(const LintRule &rule) const
{
    const auto own = m_context.severities.constFind(rule.name);
    return own == m_context.severities.cend() ? std::nullopt : std::optional(*own);
}

/// Imported statements may have another frame than the published one; the first item shows it.
void LintPass::inferFrame(const LintItem &item)
{
    m_frame = publishedFrame;
    const qsizetype gap = publishedFrame.indexOf(u"{{statement}}"_s);
    if (item.statement.isEmpty() || item.question.startsWith(QStringView(publishedFrame).first(gap)))
        return;
    if (item.question.count(item.statement) == 1)
        m_frame = QString(item.question).replace(item.statement, u"{{statement}}"_s);
}

LintReading LintPass::readingOf(const LintItem &item)
{
    LintReading r{.item = item, .context = m_context};
    const bool isPersona = item.family == LintFamily::Persona, isWino = item.family == LintFamily::Winogender;
    r.text = item.question;
    r.field = u"question"_s;
    if (isPersona && !item.statement.isEmpty()) {
        r.text = item.statement;
        r.field = u"statement"_s;
    } else if (isWino && !item.sentence.isEmpty()) {
        r.text = item.sentence;
        r.field = u"sentence"_s;
    }
    for (const QChar c : std::as_const(r.text)) {
        r.isAscii = r.isAscii && c.unicode() < 128;
        r.isPlain = r.isPlain && ((c.unicode() >= 0x20 && c.unicode() < 0x7F) || c.unicode() > 0x9F || c == u'\n' ||
                                  c == u'\t' || c == u'\r');
    }
    if (!isPersona && !isWino)
        r.options = parseOptions(item.question);
    if (isPersona) {
        if (m_frame.isEmpty() && !item.question.isEmpty())
            inferFrame(item);
        r.frame = m_frame;
    }
    if (m_looksForWording && !isWino)
        r.wording = m_wording.takenBy(r.text);
    return r;
}

void LintPass::lookBack(LintReading &r, quint32 row, quint32 label)
{
    if (r.text.isEmpty())
        return;
    const auto rowOf = [](const FirstSeen::Entry *entry) {
        return entry ? std::optional(entry->row) : std::nullopt;
    };
    const TextKey foldedKey = textKey(fold(r.text));
    r.earlier.exact = rowOf(m_exact.add(textKey(r.text), row));
    if (FirstSeen::Entry *entry = m_folded.add(foldedKey, row, label)) {
        r.earlier.folded = entry->row;
        r.earlier.otherLabel = entry->severalLabels || entry->label != label;
        entry->severalLabels = r.earlier.otherLabel;
    }
    if (m_context.elsewhere)
        r.earlier.elsewhere = m_context.elsewhere->find(foldedKey);
    if (r.item.family != LintFamily::MultipleChoice)
        return;
    const TextKey stem = textKey(r.options.stem);
    const QString folded = fold(r.options.stem);
    const TextKey foldedStem = textKey(folded);
    if (!folded.isEmpty())
        r.earlier.stem = rowOf(m_stems.add(foldedStem, row));
    r.earlier.seedExact = m_goldStems.find(stem) != nullptr;
    r.earlier.seedFolded = m_foldedGoldStems.find(foldedStem) != nullptr;
}

QList<LintFinding> LintPass::add(const LintItem &item)
{
    const quint32 row = m_rows++;
    LintReading reading = readingOf(item);
    const quint32 label = m_facts.labelIndex(item.matchingLabel);
    if (m_looksBack)
        lookBack(reading, row, label);
    QList<LintFinding> findings;
    for (const Active &active : m_rules[static_cast<size_t>(item.family)]) {
        const auto hit = active.rule->check(reading);
        if (!hit)
            continue;
        findings << LintFinding{.rule = active.rule->name,
                                .severity = active.severity.value_or(hit->severity.value_or(active.rule->severity)),
                                .explanation = hit->detail.isEmpty() ? active.rule->explanation : hit->detail,
                                .ruleVersion = active.rule->version,
                                .field = hit->field.isEmpty() ? reading.field : hit->field,
                                .start = hit->start,
                                .length = hit->length,
                                .earlier = hit->earlier ? qint64(*hit->earlier) : -1};
    }
    m_facts.add(reading, label);
    if (m_needsWords && item.family == LintFamily::Persona) {
        m_facts.words.add(m_vocabulary.setOf(reading.text));
        m_wordRows.push_back(row);
    }
    return findings;
}

std::optional<LintEnd> LintPass::finish(const CancellationToken &token)
{
    LintEnd end;
    m_facts.vocabulary = m_vocabulary.size();
    if (m_looksNear) {
        const auto near = firstNearDuplicates(m_facts.words, m_facts.vocabulary, token);
        if (!near)
            return std::nullopt;
        const LintRule &rule = *lintRule(u"near-duplicate"_s);
        const Severity severity = setting(rule).value_or(rule.severity);
        for (size_t i = 0; i < near->size(); ++i) {
            if ((*near)[i] >= 0) {
                end.late.emplace_back(m_wordRows[i],
                                      LintFinding{.rule = rule.name,
                                                  .severity = severity,
                                                  .explanation = rule.explanation,
                                                  .ruleVersion = rule.version,
                                                  .field = u"statement"_s,
                                                  .earlier = m_wordRows[static_cast<size_t>((*near)[i])]});
            }
        }
    }
    for (const LintRule &rule : lintRules()) {
        if (!rule.isSetRule() || !isActive(rule.name))
            continue;
        bool applies = false;
        for (int family = 0; family < lintFamilies; ++family)
            applies = applies || (m_facts.ofFamily[static_cast<size_t>(family)] > 0 &&
                                  rule.appliesTo(static_cast<LintFamily>(family)));
        if (!applies)
            continue;
        if (token.isCancelled())
            return std::nullopt;
        SetFinding found = rule.checkSet(m_facts, m_context);
        found.rule = rule.name;
        if (const auto own = setting(rule))
            found.severity = *own;
        end.set << found;
    }
    return end;
}

} // namespace evalwright
