// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"
#include "review/elsewhere/toolexport.h"
#include "storage/project.h"

#include <QDialog>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QTreeWidget;

namespace evalwright {

class Banner;

/// Writes lists of a review into files for raters who do not have the project: one file for all, or one for each list,
/// which tells its rater least.
class GiveListsDialog : public QDialog
{
    Q_OBJECT

public:
    GiveListsDialog(std::shared_ptr<Project> project, Review review, QWidget *parent = nullptr);

    /// Writes to the path; of one file for each list NAME-1.ewbundle and so on beside it. Tools get one file of tasks, and
    /// their settings beside it.
    void write(const QString &path);
    QList<int> chosen() const; ///< Slots.

Q_SIGNALS:
    void written(const QStringList &paths);
    void ready(); ///< The lists are shown.

private:
    void read();
    void choosePath();
    void refresh();
    std::optional<review::Tool> tool() const; ///< Unset: bundles for this program.

    std::shared_ptr<Project> m_project;
    Review m_review;
    Banner *m_banner;
    QTreeWidget *m_lists;
    QComboBox *m_language, *m_as;
    QCheckBox *m_apart;
    QLabel *m_words;
    QProgressBar *m_busy;
    QPushButton *m_write, *m_close;
    bool m_writing = false;
};

} // namespace evalwright
