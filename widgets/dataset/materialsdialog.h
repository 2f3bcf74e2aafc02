// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "storage/repositories/materials.h"

#include <QDialog>

class QLabel;
class QPlainTextEdit;
class QTableWidget;

namespace evalwright {

class Banner;

/// What items would have been made of and was lost at a stage: biographies, occupations, each with its reply.
class MaterialsDialog : public QDialog
{
    Q_OBJECT

public:
    static constexpr qint64 mostShown = 1000;

    MaterialsDialog(std::shared_ptr<Project> project, DatasetId dataset, const QString &stage, const QString &reason,
                    QWidget *parent);

Q_SIGNALS:
    void shown();

private:
    struct Lost
    {
        Material material;
        QString reply; ///< What the model wrote.
    };
    static Result<QList<Lost>> read(Connection &connection, DatasetId dataset, const QString &stage,
                                    const QString &reason);
    void fill(const QList<Lost> &lost);

    Banner *m_banner;
    QLabel *m_head;
    QTableWidget *m_table;
    QPlainTextEdit *m_detail;
};

} // namespace evalwright
