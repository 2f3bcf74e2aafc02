// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace evalwright {

/// The table of items. Typing a letter does not look through a million rows for it, and Ctrl+A asks for all of them
/// instead of selecting those.
class ItemTable : public QTableView
{
    Q_OBJECT

public:
    using QTableView::QTableView;
    void keyboardSearch(const QString &) override {}
    void selectAll() override { Q_EMIT allRequested(); }

Q_SIGNALS:
    void allRequested();
};

} // namespace evalwright
