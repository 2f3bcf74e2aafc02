// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>
#include <QString>
#include <QStringList>

#include <memory>

class QTranslator;

namespace evalwright {

/// The words of the review window in one of its languages, out of resources/translations/evalwright_review_*.ts. Its
/// translator is not installed: two windows may speak two languages, and the rest of the program goes on in English.
class ReviewLanguage
{
public:
    ReviewLanguage();
    ~ReviewLanguage();

    /// What the window speaks: en, de, es, fr, hi, ar, zh_CN.
    static QStringList all();
    /// Whether the system has a font for its script; without one, its texts are rows of boxes.
    static bool isDrawable(const QString &language);
    /// The name that a language has in itself; in English where no font could show that; of a language without one, its
    /// code.
    static QString nameOf(const QString &language);
    /// The one of all() for that language or its base: "de" for "de_AT" and "de-Latn-AT", "zh_CN" for "zh_SG" but not for
    /// "zh_TW", which is written otherwise. Empty: none.
    static QString nearest(const QString &language);
    /// The first of these that the window speaks, as the system lists what a person wants; English when it speaks none.
    static QString firstOf(const QStringList &wanted);
    static Qt::LayoutDirection directionOf(const QString &language);

    QString code() const { return m_code; } ///< One of all().
    /// English for what is not in all().
    void set(const QString &language);
    /// Numbers are written with western digits in every language: they are keys to press as well.
    QLocale locale() const;
    /// As QCoreApplication::translate(); %n is written as the language writes numbers.
    QString translate(const char *context, const char *text, const char *comment = nullptr, int n = -1) const;

private:
    QString m_code;
    std::unique_ptr<QTranslator> m_translator; ///< None for English, which is in the sources.
};

} // namespace evalwright
