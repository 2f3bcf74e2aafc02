// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/card/datasetcard.h"
#include "storage/project.h"

#include <QTimer>
#include <QWidget>

#include <memory>

class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTextBrowser;

namespace evalwright {

class Banner;

/// The data set card as it will be given away, and the texts that only people know: licence, authors, citation, limits.
class CardPage : public QWidget
{
    Q_OBJECT

public:
    CardPage(std::shared_ptr<Project> project, DatasetId dataset, const QString &name, QWidget *parent = nullptr);
    ~CardPage() override;

    const QString &markdown() const { return m_markdown; }
    void saveTo(const QString &path);

Q_SIGNALS:
    void shown(); ///< The newest reading is on the page.
    void exportRequested(); ///< Of the data set, from here.
    void saved(); ///< As a file, or not: then the page says why.

protected:
    void showEvent(QShowEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void read();
    void showCard(const DatasetCard &card);
    void keepTexts();
    void choosePath();
    CardTexts texts() const;
    void refresh();

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    QString m_name, m_markdown;
    CardTexts m_stored;
    CancellationToken m_token;
    quint64 m_generation = 0;
    QTimer m_pause; ///< From the last change to the next reading.
    bool m_stale = true;
    Banner *m_banner;
    QLineEdit *m_licence, *m_authors, *m_citation;
    QPlainTextEdit *m_limits;
    QPushButton *m_keep, *m_save, *m_copy;
    QTextBrowser *m_preview;
};

} // namespace evalwright
