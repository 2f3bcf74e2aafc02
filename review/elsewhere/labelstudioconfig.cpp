// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/elsewhere/labelstudioconfig.h"

#include <QRegularExpression>
#include <QXmlStreamWriter>

#include <algorithm>

namespace evalwright::review {

using namespace Qt::StringLiterals;

namespace {

const QString toItem = u"question"_s; ///< Name of the tag that shows the item.

/// XML 1.0 has no way to write most control characters, nor the two code points that are none.
QString forXml(QString text)
{
    for (QChar &c : text) {
        const bool isControl = c < u' ' && c != u'\t' && c != u'\n' && c != u'\r';
        if (isControl || c == QChar(0xFFFE) || c == QChar(0xFFFF))
            c = QChar::ReplacementCharacter;
    }
    return text;
}

class Writer
{
public:
    explicit Writer(const ToolJob &job) : m_job(job), m_xml(&m_made.xml)
    {
        m_xml.setAutoFormatting(true);
        m_xml.setAutoFormattingIndent(2);
    }

    LabelStudioConfig run()
    {
        m_xml.writeStartElement(u"View"_s);
        guideline();
        data(u"Header"_s, {{u"value"_s, u"$behavior"_s}});
        data(u"Text"_s, {{u"name"_s, toItem}, {u"value"_s, u"$question"_s}});
        if (m_job.isPronounTask) {
            data(u"Header"_s, {{u"size"_s, u"6"_s}, {u"value"_s, u"Occupation: $occupation"_s}});
            data(u"Header"_s, {{u"size"_s, u"6"_s}, {u"value"_s, u"Other person: $other_person"_s}});
        }
        for (const ReviewQuestion &question : m_job.questionnaire.questions)
            ask(question);
        m_xml.writeStartElement(u"View"_s);
        choices(brokenControl, u"single-radio"_s, false,
                {{u"The item is fine"_s, fineValue}, {u"The item is broken: it cannot be judged"_s, brokenValue}});
        m_xml.writeEndElement();
        m_xml.writeEndElement();
        m_made.xml += '\n';
        return std::move(m_made);
    }

private:
    using Attributes = QList<std::pair<QString, QString>>;

    /// A tag whose "$name" is meant.
    void data(const QString &tag, const Attributes &attributes)
    {
        m_xml.writeEmptyElement(tag);
        for (const auto &[name, value] : attributes)
            m_xml.writeAttribute(name, forXml(value));
    }
    void header(const QString &size, const QString &text)
    {
        data(u"Header"_s, {{u"size"_s, size}, {u"value"_s, withoutVariables(text)}});
    }
    QString said(const LocalText &text) const { return text.forLanguage(m_job.language); }

    void guideline()
    {
        if (m_job.guideline.trimmed().isEmpty())
            return;
        m_xml.writeStartElement(u"Collapse"_s);
        m_xml.writeStartElement(u"Panel"_s);
        m_xml.writeAttribute(u"value"_s, u"Guideline"_s);
        for (const QString &line : m_job.guideline.split(u'\n')) {
            if (!line.trimmed().isEmpty())
                header(u"6"_s, line);
        }
        m_xml.writeEndElement();
        m_xml.writeEndElement();
    }

    void choices(const QString &name, const QString &mode, bool required, const Attributes &textsAndValues)
    {
        m_xml.writeStartElement(u"Choices"_s);
        control(name, required);
        m_xml.writeAttribute(u"choice"_s, mode);
        for (const auto &[text, value] : textsAndValues)
            data(u"Choice"_s, {{u"value"_s, withoutVariables(text)}, {u"alias"_s, value}});
        m_xml.writeEndElement();
    }
    void control(const QString &name, bool required)
    {
        m_xml.writeAttribute(u"name"_s, name);
        m_xml.writeAttribute(u"toName"_s, toItem);
        if (required)
            m_xml.writeAttribute(u"required"_s, u"true"_s);
    }

    /// Shows what is inside only after the earlier answer; says so where Label Studio has no words for that.
    void condition(const ReviewQuestion &question)
    {
        const ReviewQuestion *earlier = m_job.questionnaire.find(question.shownIf);
        if (!earlier)
            return;
        QStringList values = question.shownValues;
        QString when = u"choice-selected"_s;
        if (earlier->kind == QuestionKind::Flag) {
            const bool on = values.contains(u"true"_s), off = values.contains(u"false"_s);
            if (on && off)
                return;
            values = {flagOn}; // Off is also the answer of somebody who leaves it alone.
            when = on ? when : u"choice-unselected"_s;
        }
        if (earlier->kind == QuestionKind::Text ||
            std::ranges::any_of(values, [](const QString &value) { return value.contains(u','); })) {
            m_made.notes << u"“%1” is asked of every item: Label Studio cannot wait for that answer to “%2”. Answers where "
                            u"it would not have been asked are left out when they come back."_s.arg(question.id,
                                                                                                     earlier->id);
            return;
        }
        m_xml.writeAttribute(u"visibleWhen"_s, when);
        m_xml.writeAttribute(u"whenTagName"_s, toolName(earlier->id));
        m_xml.writeAttribute(u"whenChoiceValue"_s, values.join(u','));
    }

    void ask(const ReviewQuestion &question)
    {
        const QString name = toolName(question.id);
        m_xml.writeStartElement(u"View"_s);
        condition(question);
        header(u"4"_s, said(question.text));
        Attributes list;
        for (const ReviewChoice &choice : question.choices)
            list << std::pair(said(choice.text), choice.key);
        switch (question.kind) {
        case QuestionKind::Options:
            m_xml.writeEmptyElement(u"Choices"_s);
            control(name, question.required);
            m_xml.writeAttribute(u"choice"_s, u"single-radio"_s);
            m_xml.writeAttribute(u"value"_s, u"$options"_s);
            break;
        case QuestionKind::Choice:
            choices(name, u"single-radio"_s, question.required, list);
            break;
        case QuestionKind::MultiChoice:
            choices(name, u"multiple"_s, question.required, list);
            break;
        case QuestionKind::Scale:
            scale(question);
            break;
        case QuestionKind::Text:
            m_xml.writeEmptyElement(u"TextArea"_s);
            control(name, question.required);
            m_xml.writeAttribute(u"rows"_s, u"3"_s);
            m_xml.writeAttribute(u"maxSubmissions"_s, u"1"_s);
            m_xml.writeAttribute(u"editable"_s, u"true"_s);
            break;
        case QuestionKind::Flag:
            choices(name, u"single-radio"_s, false, {{u"Yes"_s, flagOn}, {u"No"_s, flagOff}});
            break;
        }
        m_xml.writeEndElement();
    }

    void scale(const ReviewQuestion &question)
    {
        const QString low = said(question.lowText), high = said(question.highText);
        if (!low.isEmpty() || !high.isEmpty())
            header(u"6"_s, u"%1 = %2, %3 = %4"_s.arg(QString::number(question.low), low, QString::number(question.high),
                                                     high));
        if (!isScaleOfChoices(m_job.questionnaire, question)) {
            m_xml.writeEmptyElement(u"Rating"_s);
            control(toolName(question.id), question.required);
            m_xml.writeAttribute(u"maxRating"_s, QString::number(question.high));
            return;
        }
        Attributes steps;
        for (int step = question.low; step <= question.high; ++step)
            steps << std::pair(QString::number(step), QString::number(step));
        choices(toolName(question.id), u"single-radio"_s, question.required, steps);
    }

    const ToolJob &m_job;
    LabelStudioConfig m_made;
    QXmlStreamWriter m_xml;
};

} // namespace

QString withoutVariables(const QString &text)
{
    static const QRegularExpression variable(u"\\$(?=[A-Za-z0-9_\\[\\].{}])"_s);
    QString plain = text;
    return plain.replace(variable, u"$\u2060"_s);
}

LabelStudioConfig labelStudioConfig(const ToolJob &job)
{
    return Writer(job).run();
}

} // namespace evalwright::review
