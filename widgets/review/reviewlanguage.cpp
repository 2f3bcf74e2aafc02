// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewlanguage.h"

#include <QFontDatabase>
#include <QTranslator>

#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Known
{
    QStringView code, name;
};

/// As the people who speak them write the names, in the order of the list: Latin letters, then other scripts.
constexpr std::array known{Known{u"en", u"English"}, Known{u"de", u"Deutsch"},  Known{u"es", u"Español"},
                           Known{u"fr", u"Français"}, Known{u"hi", u"हिन्दी"}, Known{u"ar", u"العربية"},
                           Known{u"zh_CN", u"简体中文"}};

} // namespace

ReviewLanguage::ReviewLanguage() : m_code(u"en"_s) {}

ReviewLanguage::~ReviewLanguage() = default;

QStringList ReviewLanguage::all()
{
    QStringList codes;
    for (const Known &one : known)
        codes << one.code.toString();
    return codes;
}

bool ReviewLanguage::isDrawable(const QString &language)
{
    switch (QLocale(language).script()) {
    case QLocale::DevanagariScript:
        return !QFontDatabase::families(QFontDatabase::Devanagari).isEmpty();
    case QLocale::ArabicScript:
        return !QFontDatabase::families(QFontDatabase::Arabic).isEmpty();
    case QLocale::SimplifiedHanScript:
        return !QFontDatabase::families(QFontDatabase::SimplifiedChinese).isEmpty();
    default:
        return true;
    }
}

QString ReviewLanguage::nameOf(const QString &language)
{
    const QLocale locale(language);
    if (!isDrawable(language))
        return QLocale::languageToString(locale.language());
    for (const Known &one : known) {
        if (one.code == language)
            return one.name.toString();
    }
    const QString name = locale.language() == QLocale::C ? QString() : locale.nativeLanguageName();
    if (name.isEmpty())
        return language;
    return language.contains(u'_') ? u"%1 (%2)"_s.arg(name, locale.nativeCountryName()) : name;
}

QString ReviewLanguage::nearest(const QString &language)
{
    const QLocale locale(language);
    for (const Known &one : known) {
        const QLocale ours(one.code.toString());
        if (locale.language() == ours.language() && locale.script() == ours.script())
            return one.code.toString();
    }
    return {};
}

QString ReviewLanguage::firstOf(const QStringList &wanted)
{
    for (const QString &one : wanted) {
        if (const QString found = nearest(one); !found.isEmpty())
            return found;
    }
    return u"en"_s;
}

Qt::LayoutDirection ReviewLanguage::directionOf(const QString &language)
{
    return QLocale(language).textDirection();
}

void ReviewLanguage::set(const QString &language)
{
    const QString found = nearest(language);
    m_code = found.isEmpty() ? u"en"_s : found;
    m_translator.reset();
    if (m_code == "en"_L1)
        return;
    m_translator = std::make_unique<QTranslator>();
    if (!m_translator->load(u":/i18n/evalwright_review_%1.qm"_s.arg(m_code))) {
        m_translator.reset();
        m_code = u"en"_s;
    }
}

QLocale ReviewLanguage::locale() const
{
    return QLocale(m_code == "ar"_L1 ? u"ar_AE"_s : m_code); // With western digits, unlike "ar" alone.
}

QString ReviewLanguage::translate(const char *context, const char *text, const char *comment, int n) const
{
    QString found = m_translator ? m_translator->translate(context, text, comment, n) : QString();
    if (found.isEmpty())
        found = QString::fromUtf8(text);
    if (n >= 0)
        found.replace("%n"_L1, locale().toString(n));
    return found;
}

} // namespace evalwright
