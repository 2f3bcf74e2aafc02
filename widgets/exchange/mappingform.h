// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QComboBox;
class QLineEdit;

namespace evalwright {

/// Which column of a file is which field of an item (storage/exchange/fieldmapping.h). What is left open is guessed by
/// name, and the guess is shown.
class MappingForm : public QWidget
{
    Q_OBJECT

public:
    explicit MappingForm(QWidget *parent = nullptr);
    /// The columns of a file; `mapping` is what was taken, {"field": "column"}; `chosen` as pairs().
    void showFile(const QStringList &columns, const QString &mapping, const QStringList &chosen);
    /// "field=column" for each that was chosen.
    QStringList pairs() const;

Q_SIGNALS:
    void changed();

private:
    struct Field
    {
        QString name;
        QComboBox *box;
    };
    QList<Field> m_fields;
    QLineEdit *m_more;
};

} // namespace evalwright
