// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/conditionsbox.h"

#include "evaluation/frames.h"
#include "evaluation/questionmaker.h"
#include "widgets/evaluation/conditionwords.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int listHeight = 132;
constexpr int textHeight = 56;

void addTick(QListWidget *list, const QString &name, const QString &text)
{
    auto *item = new QListWidgetItem(text, list);
    item->setData(Qt::UserRole, name);
    item->setToolTip(name);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    item->setCheckState(Qt::Unchecked);
}

QStringList ticked(const QListWidget *list)
{
    QStringList names;
    for (int row = 0; row < list->count(); ++row) {
        if (list->item(row)->checkState() == Qt::Checked)
            names << list->item(row)->data(Qt::UserRole).toString();
    }
    return names;
}

void tick(QListWidget *list, const QString &name, bool on)
{
    for (int row = 0; row < list->count(); ++row) {
        if (list->item(row)->data(Qt::UserRole).toString() == name)
            list->item(row)->setCheckState(on ? Qt::Checked : Qt::Unchecked);
    }
}

} // namespace

ConditionsBox::ConditionsBox(QWidget *parent)
    : QWidget(parent), m_frames(new QListWidget), m_controls(new QListWidget), m_orders(new QComboBox), m_repeats(new QSpinBox),
      m_rows(new QVBoxLayout)
{
    m_frames->setAccessibleName(tr("More frames"));
    for (const QString &frame : frameNames()) {
        if (frame != u"raw"_s) // Another name of “bare”.
            addTick(m_frames, frame, frameText(frame));
    }
    m_controls->setAccessibleName(tr("Controls"));
    for (const QString &control : preparation::controlNames())
        addTick(m_controls, control, tr("%1: %2").arg(control, controlText(control)));
    setControlTicked(u"none"_s, true);
    m_orders->setAccessibleName(tr("Order of lettered options"));
    m_orders->addItem(tr("as stored"), u"one"_s);
    m_orders->addItem(tr("all cyclic orders; the score is their mean"), u"all"_s);
    m_repeats->setAccessibleName(tr("How often every question is asked"));
    m_repeats->setRange(1, static_cast<int>(mostRepeats));
    m_repeats->setSpecialValueText(tr("once"));
    m_repeats->setSuffix(tr(" times"));
    m_repeats->setToolTip(tr("Asked again, a model may answer otherwise: the score is the mean of the items' shares, and "
                             "the results say how many items keep their answer. Every repeat is paid for."));
    auto *lists = new QHBoxLayout;
    lists->setSpacing(Theme::spacing(2));
    for (const auto &[title, list] : {std::pair(tr("Also under these frames"), m_frames),
                                      std::pair(tr("Controls: each is asked beside the others"), m_controls)}) {
        auto *column = new QVBoxLayout;
        column->addWidget(new QLabel(title));
        list->setFixedHeight(listHeight);
        list->setWordWrap(true); // Rather than scrolled sideways.
        list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        column->addWidget(list);
        lists->addLayout(column, 1);
    }
    auto *orders = new QHBoxLayout;
    auto *ordersLabel = new QLabel(tr("&Order of options"));
    ordersLabel->setBuddy(m_orders);
    orders->addWidget(ordersLabel);
    orders->addWidget(m_orders, 1);
    auto *repeatsLabel = new QLabel(tr("As&k each"));
    repeatsLabel->setBuddy(m_repeats);
    orders->addWidget(repeatsLabel);
    orders->addWidget(m_repeats);
    auto *add = new QPushButton(tr("Add a system text"));
    add->setToolTip(tr("Asks the items once more in a chat after this text. A name that an earlier evaluation gave a "
                       "text needs none here."));
    orders->addWidget(add);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addLayout(lists);
    layout->addLayout(orders);
    layout->addLayout(m_rows);
    connect(m_frames, &QListWidget::itemChanged, this, &ConditionsBox::changed);
    connect(m_controls, &QListWidget::itemChanged, this, &ConditionsBox::changed);
    connect(m_orders, &QComboBox::currentIndexChanged, this, &ConditionsBox::changed);
    connect(m_repeats, &QSpinBox::valueChanged, this, &ConditionsBox::changed);
    connect(add, &QPushButton::clicked, this, [this] {
        addSystem();
        m_systems.constLast().name->setFocus();
    });
}

void ConditionsBox::addSystem(const QString &name, const QString &text)
{
    System system{new QWidget, new QLineEdit(name), new QPlainTextEdit(text)};
    system.name->setPlaceholderText(tr("name: a-z, 0-9, -"));
    system.name->setAccessibleName(tr("Name of the system text"));
    system.name->setMaximumWidth(180);
    system.name->setMaxLength(32);
    system.text->setPlaceholderText(tr("The system text that stands before the question"));
    system.text->setAccessibleName(tr("System text"));
    system.text->setTabChangesFocus(true);
    system.text->setFixedHeight(textHeight);
    auto *remove = new QPushButton(tr("Remove"));
    remove->setAccessibleName(tr("Remove this system text"));
    auto *row = new QHBoxLayout(system.row);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(system.name, 0, Qt::AlignTop);
    row->addWidget(system.text, 1);
    row->addWidget(remove, 0, Qt::AlignTop);
    m_rows->addWidget(system.row);
    m_systems << system;
    connect(system.name, &QLineEdit::textChanged, this, &ConditionsBox::changed);
    connect(system.text, &QPlainTextEdit::textChanged, this, &ConditionsBox::changed);
    connect(remove, &QPushButton::clicked, this, [this, widget = system.row] {
        m_systems.removeIf([widget](const System &one) { return one.row == widget; });
        widget->hide();
        widget->deleteLater();
        Q_EMIT changed();
    });
    Q_EMIT changed();
}

void ConditionsBox::applyTo(EvaluateSpec &spec) const
{
    for (const QString &frame : ticked(m_frames)) {
        if (!spec.frames.contains(frame))
            spec.frames << frame;
    }
    for (const System &system : m_systems) {
        const QString name = system.name->text().trimmed(), text = system.text->toPlainText();
        if (name.isEmpty())
            continue;
        if (const QString frame = u"chat+"_s + name; !spec.frames.contains(frame))
            spec.frames << frame;
        if (!text.trimmed().isEmpty())
            spec.systems.insert(name, text);
    }
    spec.controls = ticked(m_controls);
    spec.repeats = m_repeats->value();
    spec.orders = m_orders->currentData().toString();
}

QString ConditionsBox::problem() const
{
    QStringList names;
    for (const System &system : m_systems) {
        const QString name = system.name->text().trimmed();
        if (name.isEmpty())
            return tr("A system text has no name. Name it, or remove it.");
        if (names.contains(name))
            return tr("Two system texts are called “%1”. Give each a name of its own.").arg(name);
        names << name;
    }
    return ticked(m_controls).isEmpty() ? tr("Tick at least one control; “none” asks the items as they are.")
                                        : QString();
}

void ConditionsBox::setFrameTicked(const QString &frame, bool on)
{
    tick(m_frames, frame, on);
}

void ConditionsBox::setControlTicked(const QString &control, bool on)
{
    tick(m_controls, control, on);
}

void ConditionsBox::setAllOrders(bool all)
{
    m_orders->setCurrentIndex(m_orders->findData(all ? u"all"_s : u"one"_s));
}

void ConditionsBox::setRepeats(int repeats)
{
    m_repeats->setValue(repeats);
}

} // namespace evalwright
