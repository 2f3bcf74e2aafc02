// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "storage/items/itemfilter.h"

#include <QHash>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <optional>

class QLabel;
class QLineEdit;
class QListWidget;

namespace evalwright {

class FlowLayout;

/// The field that filters are typed into (docs/items.md), with completion. What is wrong is said below it and marked in it,
/// with suggestions to click; until it is right the last filter that was stays in force.
class FilterField : public QWidget
{
    Q_OBJECT

public:
    /// Answers later, on the thread of the field, with the values that a field has in the data set.
    using AskValues = std::function<void(ItemField, std::function<void(QStringList)>)>;

    /// The list of completions is shown inside `page`.
    explicit FilterField(QWidget *page);

    void setAskValues(AskValues ask) { m_askValues = std::move(ask); }
    /// The data set changed: values are asked for anew when they are needed.
    void forgetValues() { m_values.clear(); }

    /// What is in force.
    const ItemFilter &filter() const { return m_filter; }
    QString text() const;
    /// Shows a filter and puts it in force, without a signal.
    void setFilter(const ItemFilter &filter);
    void focus();
    QLineEdit *edit() const { return m_edit; }
    /// The list of completions; hidden when there are none.
    QListWidget *completions() const { return m_list; }
    QString errorText() const;

Q_SIGNALS:
    /// A person typed or chose another filter, which is in force now.
    void filterChanged();
    /// A person goes on to what was found: Enter or Down in the field.
    void left();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void typed();
    void apply();
    void showError(const Error &error, const FilterPlace &place);
    void clearError();
    void mark(const FilterPlace &place);
    void complete(bool asked);
    void place();
    void take(const QString &choice);
    void replace(qsizetype from, qsizetype length, const QString &by);

    QWidget *m_page;
    QLineEdit *m_edit;
    QListWidget *m_list;
    QWidget *m_errorBar;
    QLabel *m_error;
    FlowLayout *m_suggestions;
    AskValues m_askValues;
    QHash<ItemField, std::optional<QStringList>> m_values; ///< Unset: asked for.
    ItemFilter m_filter;
    FilterCompletion m_completion;
    QTimer m_timer;
};

} // namespace evalwright
