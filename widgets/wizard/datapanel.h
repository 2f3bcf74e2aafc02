// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "generators/recipefiles.h"

#include <QWidget>

class QComboBox;
class QFormLayout;
class QLabel;
class QPushButton;

namespace evalwright {

class NumbersTable;
class Session;

/// The material of a family: its examples, its question bank with the sides, or its table of occupations. Takes a
/// shipped set or a file of one's own.
class DataPanel : public QWidget
{
    Q_OBJECT

public:
    DataPanel(Session &session, QWidget *parent = nullptr);

    /// Shows the data of this recipe; hidden for families without any. The recipe must outlive the panel's use.
    void setRecipe(Recipe &recipe);
    /// A shipped set by name, or a file; read on another thread.
    void take(const QString &nameOrPath);
    static std::optional<RecipeData> dataOf(const QString &family);
    /// What is missing, in a sentence.
    static QString problemOf(const Recipe &recipe);

Q_SIGNALS:
    /// Other data: behaviour and sides have changed with it.
    void taken();
    /// A side's words were changed.
    void edited();
    void failed(const evalwright::Error &error);

private:
    void show();
    void showSides();
    void showFacts();
    void openFile();

    Session &m_session;
    Recipe *m_recipe = nullptr;
    RecipeData m_kind = RecipeData::Golds;
    QComboBox *m_choice;
    QPushButton *m_open;
    QLabel *m_name, *m_note, *m_sidesHelp, *m_facts;
    NumbersTable *m_table;
    QWidget *m_sides;
    QFormLayout *m_sidesForm;
    QString m_file; ///< What was opened last.
    quint64 m_turn = 0;
};

} // namespace evalwright
