// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/fieldmenu.h"

#include "widgets/review/reviewsettings.h"

#include <QAction>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// By the names that Qt gives to its actions; empty for one that there is no word for.
QString wordFor(const QString &action, const ReviewSettings &settings)
{
    if (action == "edit-undo"_L1)
        return settings.translate("Review", "Undo");
    if (action == "edit-redo"_L1)
        return settings.translate("Review", "Redo");
    if (action == "edit-cut"_L1)
        return settings.translate("Review", "Cut");
    if (action == "edit-copy"_L1)
        return settings.translate("Review", "Copy");
    if (action == "edit-paste"_L1)
        return settings.translate("Review", "Paste");
    if (action == "edit-delete"_L1)
        return settings.translate("Review", "Delete");
    if (action == "select-all"_L1)
        return settings.translate("Review", "Select all");
    return {};
}

} // namespace

QMenu *fieldMenu(QWidget *widget, const ReviewSettings &settings)
{
    QMenu *menu = nullptr;
    if (auto *line = qobject_cast<QLineEdit *>(widget))
        menu = line->createStandardContextMenu();
    else if (auto *field = qobject_cast<QPlainTextEdit *>(widget))
        menu = field->createStandardContextMenu();
    else if (auto *inside = qobject_cast<QPlainTextEdit *>(widget->parentWidget()); inside && inside->viewport() == widget)
        menu = inside->createStandardContextMenu();
    if (!menu)
        return nullptr;
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setLayoutDirection(ReviewLanguage::directionOf(settings.words().code()));
    for (QAction *action : menu->actions()) {
        const QString word = wordFor(action->objectName(), settings), shortcut = action->text().section(u'\t', 1);
        action->setText(shortcut.isEmpty() ? word : word + u'\t' + shortcut);
        action->setVisible(action->isSeparator() || !word.isEmpty());
    }
    return menu;
}

} // namespace evalwright
