// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "widgets/exchange/exportjob.h"

#include <QDialog>

#include <memory>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace evalwright {

struct ActiveJob;
class Banner;
class Project;
class Session;

/// Writes a data set in any format that the command line writes, or several as a repository; then what was written, with
/// its hashes. The last choices are remembered for each project. The work is a job of the activity bar and goes on when
/// the dialog is closed.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    /// `dataset`: the one that is chosen at first; `format`: empty for the last one.
    ExportDialog(Session &session, const QString &dataset, const QString &format, QWidget *parent);
    bool isRunning() const { return m_ticket != 0; }
    /// The data sets are listed.
    bool isReady() const { return m_ready; }
    void choose(const QString &format);
    void setPath(const QString &path);
    /// Begins, or asks first whether what is there may be replaced.
    void start();
    /// What is there may be.
    void replace();
    QString report() const;

private:
    void makeLayout();
    void listDatasets();
    void readDataset();
    void showFields();
    void suggestPath();
    void browse();
    void ask(const QStringList &names);
    void begin(bool overwrite);
    void showProgress();
    void ended(const ActiveJob &job);
    void updateButtons();
    void restore();
    void remember() const;
    QStringList datasets() const;
    ExportChoice choice() const;
    const ExportFormat &format() const;
    void setRow(QWidget *field, bool visible);

    Session &m_session;
    std::shared_ptr<Project> m_project;
    QString m_wanted; ///< Data set to choose once they are listed.
    QString m_storedLicence;
    QFormLayout *m_form;
    QComboBox *m_dataset, *m_format, *m_order, *m_canary, *m_review, *m_run;
    QListWidget *m_more;
    QLabel *m_keeps, *m_progressText;
    QSpinBox *m_seed, *m_splitSeed;
    QDoubleSpinBox *m_privateShare;
    QCheckBox *m_trim, *m_csvSafe, *m_controls, *m_despiteLint;
    QLineEdit *m_licence, *m_title, *m_url, *m_language, *m_model, *m_frame, *m_path;
    QWidget *m_orderRow, *m_pathRow, *m_privateRow;
    QPushButton *m_browse, *m_export, *m_close, *m_copy, *m_show;
    QProgressBar *m_progress;
    Banner *m_banner;
    QPlainTextEdit *m_report;
    std::shared_ptr<ExportOutcome> m_outcome; ///< Written by the job, read when it has ended.
    QString m_written;                        ///< Folder of what was written last.
    bool m_ready = false, m_hasControls = false, m_pathTyped = false, m_looking = false;
    quint64 m_ticket = 0; ///< 0: none is under way.
};

} // namespace evalwright
