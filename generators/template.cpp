// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/template.h"

#include <kainjow/mustache.hpp>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Tag
{
    qsizetype at = 0;
    QString name;
    QString problem;
};

/// Finds every {{…}}; kainjow reports neither positions nor unused names, which people need most.
QList<Tag> tagsOf(const QString &text)
{
    QList<Tag> tags;
    qsizetype from = 0;
    for (;;) {
        const auto open = text.indexOf(u"{{"_s, from);
        if (open < 0)
            return tags;
        const auto close = text.indexOf(u"}}"_s, open + 2);
        if (close < 0) {
            tags << Tag{open, {}, u"this “{{” is never closed"_s};
            return tags;
        }
        const QString name = text.mid(open + 2, close - open - 2).trimmed();
        Tag tag{open, name, {}};
        const bool plain =
            !name.isEmpty() && std::ranges::all_of(name, [](QChar c) { return c.isLetterOrNumber() || c == u'_'; });
        if (!plain)
            tag.problem = u"only plain names can stand between “{{” and “}}”, not “%1”"_s.arg(name.left(40));
        tags << tag;
        from = close + 2;
    }
}

TemplateProblem problemAt(const QString &text, qsizetype at, const QString &message)
{
    const QString before = text.left(at);
    const auto lineStart = before.lastIndexOf(u'\n') + 1;
    return {static_cast<int>(before.count(u'\n')) + 1, static_cast<int>(at - lineStart) + 1, message};
}

} // namespace

QList<TemplateProblem> checkTemplate(const QString &text, const QStringList &known, const QStringList &required)
{
    QList<TemplateProblem> problems;
    QStringList used;
    constexpr qsizetype mostProblems = 50; // More help nobody, and each is looked for from the beginning.
    for (const Tag &tag : tagsOf(text)) {
        if (problems.size() >= mostProblems) {
            problems << problemAt(text, tag.at, u"and more mistakes from here on"_s);
            break;
        }
        if (!tag.problem.isEmpty())
            problems << problemAt(text, tag.at, tag.problem);
        else if (!known.contains(tag.name))
            problems << problemAt(text, tag.at,
                                  u"there is no “%1” here; known names: %2"_s.arg(tag.name, known.join(u", "_s)));
        else
            used << tag.name;
    }
    for (const QString &name : required) {
        if (!used.contains(name))
            problems << TemplateProblem{1, 1, u"“{{%1}}” is not used"_s.arg(name)};
    }
    return problems;
}

Result<QString> renderTemplate(const QString &text, const TemplateValues &values)
{
    const QList<TemplateProblem> problems = checkTemplate(text, values.keys(), {});
    if (!problems.isEmpty()) {
        const TemplateProblem &first = problems.first();
        return failure(ErrorCode::Parse,
                       u"A prompt template is wrong at line %1, column %2: %3."_s.arg(first.line)
                           .arg(first.column)
                           .arg(first.message),
                       u"Correct the prompt in the recipe."_s);
    }
    kainjow::mustache::mustache compiled(text.toStdString());
    compiled.set_custom_escape([](const std::string &value) { return value; });
    if (!compiled.is_valid())
        return failure(ErrorCode::Parse, u"A prompt template is wrong."_s, u"Correct the prompt in the recipe."_s,
                       QString::fromStdString(compiled.error_message()));
    kainjow::mustache::data data;
    for (auto value = values.begin(); value != values.end(); ++value)
        data.set(value.key().toStdString(), value.value().toStdString());
    return QString::fromStdString(compiled.render(data));
}

} // namespace evalwright
