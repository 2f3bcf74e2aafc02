// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

class QTextLayout;

namespace evalwright {

class ReviewSettings;

/// One answer: its text, the key that gives it, and whether it is chosen. The text is drawn letter by letter, in lines
/// and in the direction that its own letters have.
class AnswerButton : public QAbstractButton
{
    Q_OBJECT

public:
    AnswerButton(const ReviewSettings &settings, const QString &text, QWidget *parent = nullptr);

    QString answerText() const { return m_text; }
    void setAnswerText(const QString &text);
    /// Small, below: what the end of a scale means.
    void setCaption(const QString &caption);
    void setKeyCap(const QString &key);
    QString keyCap() const { return m_key; }
    /// Text in the middle, as on the steps of a scale.
    void setCentred(bool centred);
    /// Whether its question is the one that keys answer now.
    void setMarked(bool marked);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void reword();
    QSize capSize() const;
    int sides() const; ///< Width of all but the text.
    int textWidth(int width) const;
    /// Lays the text out and returns its height.
    qreal layOut(QTextLayout &layout, int width) const;

    const ReviewSettings &m_settings;
    QString m_text, m_caption, m_key;
    bool m_centred = false, m_marked = false;
    mutable int m_knownWidth = -1, m_knownHeight = 0;
};

} // namespace evalwright
