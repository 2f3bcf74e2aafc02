// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"
#include "review/shownitem.h"
#include "storage/project.h"
#include "widgets/review/reviewsettings.h"

#include <QDialog>
#include <QHash>
#include <QTimer>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace evalwright {

class Banner;
class ItemView;
class QuestionList;

/// Items whose right answers are known, and which raters get among the others without a word: chosen from the data set,
/// from a file, or from what was decided in earlier reviews.
class GoldItemsDialog : public QDialog
{
    Q_OBJECT

public:
    using Golds = QHash<qint64, nlohmann::json>; ///< By candidate, as NewReview::golds.

    GoldItemsDialog(std::shared_ptr<Project> project, DatasetId dataset, const Questionnaire &questionnaire, const Golds &golds,
                    QWidget *parent = nullptr);

    const Golds &golds() const { return m_golds; }
    void openFile(const QString &path);

Q_SIGNALS:
    void itemsShown(); ///< Those that the search finds are in the list.
    void changed();    ///< Gold items, or why there are none more.

private:
    struct Found
    {
        qint64 candidate = 0;
        review::ShownItem item;
    };
    void search();
    void showItem();
    void add();
    void remove();
    void addAll(const Golds &golds);
    void readChosen();
    void refresh();

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    Questionnaire m_questionnaire;
    Golds m_golds;
    QList<Found> m_found;
    QString m_family;
    quint64 m_searches = 0, m_readings = 0;
    QTimer m_pause; ///< After a key in the search.
    ReviewSettings m_settings;
    Banner *m_banner;
    QLineEdit *m_search;
    QListWidget *m_items, *m_chosen;
    ItemView *m_item;
    QuestionList *m_questions;
    QLabel *m_words;
    QPushButton *m_add, *m_remove, *m_use;
};

} // namespace evalwright
