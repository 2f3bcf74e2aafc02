// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/peopleswordbox.h"

#include "core/onfinished.h"
#include "generators/checker/calibrationmap.h"
#include "review/peopleslabels.h"
#include "widgets/evaluation/resultwords.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace review;

namespace {

constexpr int wantedPercent = 95;

QHBoxLayout *row(std::initializer_list<QWidget *> widgets)
{
    auto *made = new QHBoxLayout;
    for (QWidget *widget : widgets)
        made->addWidget(widget);
    made->addStretch();
    return made;
}

QLabel *wordsBelow()
{
    auto *label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setSecondary(label);
    return label;
}

QSpinBox *raters(int value, const QString &name)
{
    auto *box = new QSpinBox;
    box->setRange(1, 1000);
    box->setValue(value);
    box->setAccessibleName(name);
    return box;
}

} // namespace

PeoplesWordBox::PeoplesWordBox(std::shared_ptr<Project> project, DatasetId dataset, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_dataset(dataset), m_banner(new Banner),
      m_precision(new QDoubleSpinBox), m_advice(wordsBelow()), m_plan(wordsBelow()), m_map(wordsBelow()),
      m_byBroken(new QCheckBox(tr("called &broken; raters it takes:"))),
      m_byLabel(new QCheckBox(tr("with another &label by a decision, or by a majority; votes it takes:"))),
      m_broken(raters(2, tr("Raters that call an item broken"))), m_votes(raters(2, tr("Votes of a majority for another label"))),
      m_drop(new QPushButton(tr("&Drop them"))), m_takeBack(new QPushButton(tr("&Take back"))),
      m_fit(new QPushButton(tr("&Fit a map"))), m_kind(new QComboBox)
{
    m_precision->setRange(50, 99.9);
    m_precision->setDecimals(1);
    m_precision->setValue(wantedPercent);
    m_precision->setSuffix(tr(" %"));
    m_precision->setKeyboardTracking(false);
    m_precision->setAccessibleName(tr("Wanted share of right labels"));
    m_byBroken->setChecked(true);
    m_byLabel->setChecked(true);
    m_takeBack->setToolTip(tr("Gives the items that people's word dropped from this data set the decision they had before"));
    m_kind->addItem(tr("Platt's map, from 50 items"), u"platt"_s);
    m_kind->addItem(tr("temperature, from 200 items"), u"temperature"_s);
    m_kind->setAccessibleName(tr("Kind of map"));
    m_fit->setToolTip(tr("From the checker's confidence to how often people call such labels right; on items of all reviews. "
                         "Kept with the data set, shown beside the confidence; the filter can use it."));
    auto *heading = new QLabel(tr("What to do with people's word"));
    heading->setFont(Theme::font(Theme::Role::Heading));
    auto *precision = new QLabel(tr("Right labels that a &threshold of confidence is to give"));
    precision->setBuddy(m_precision);
    auto *drop = new QLabel(tr("Drop items"));
    auto *fit = new QLabel(tr("Calibrate the checker's confidence by"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(heading);
    layout->addWidget(m_banner);
    layout->addLayout(row({precision, m_precision}));
    layout->addWidget(m_advice);
    layout->addLayout(row({drop, m_byBroken, m_broken}));
    layout->addLayout(row({m_byLabel, m_votes, m_drop, m_takeBack}));
    layout->addWidget(m_plan);
    layout->addLayout(row({fit, m_kind, m_fit}));
    layout->addWidget(m_map);
    m_map->hide();
    connect(m_precision, &QDoubleSpinBox::valueChanged, this, &PeoplesWordBox::advise);
    for (QCheckBox *box : {m_byBroken, m_byLabel})
        connect(box, &QCheckBox::toggled, this, &PeoplesWordBox::showPlan);
    for (QSpinBox *box : {m_broken, m_votes})
        connect(box, &QSpinBox::valueChanged, this, &PeoplesWordBox::showPlan);
    connect(m_drop, &QPushButton::clicked, this, &PeoplesWordBox::drop);
    connect(m_takeBack, &QPushButton::clicked, this, &PeoplesWordBox::takeBack);
    connect(m_fit, &QPushButton::clicked, this, &PeoplesWordBox::calibrate);
    const bool writes = m_project->access() == Project::Access::ReadWrite;
    m_takeBack->setEnabled(writes);
    m_fit->setEnabled(writes);
    m_drop->setEnabled(false);
}

void PeoplesWordBox::setRead(std::shared_ptr<const ReadAgreement> read)
{
    m_read = std::move(read);
    showPlan();
    advise();
}

FeedbackRule PeoplesWordBox::rule() const
{
    FeedbackRule rule;
    rule.broken = m_byBroken->isChecked() ? m_broken->value() : 0;
    rule.mislabelled = m_byLabel->isChecked();
    rule.votes = m_votes->value();
    return rule;
}

void PeoplesWordBox::advise()
{
    const quint64 generation = ++m_generation;
    if (!m_read)
        return;
    const double wanted = m_precision->value() / 100;
    onFinished(m_project->read([read = m_read, wanted](Connection &c) {
        return thresholdAdvice(c, read->judged, read->agreement, wanted);
    }),
               this, [this, generation](const Result<ThresholdAdvice> &advice) {
                   if (generation != m_generation)
                       return;
                   if (!advice)
                       return told(advice.error());
                   if (!advice->advised)
                       return m_advice->setText(tr("No threshold is advised: %1.").arg(advice->reason));
                   const statistics::ThresholdRow &row = *advice->advised;
                   m_advice->setText(tr("A threshold of %1 keeps %2 items, right in %3 [%4, %5] by people's word.")
                                         .arg(QLocale().toString(row.threshold, 'g', 4), QLocale().toString(static_cast<qlonglong>(row.kept)),
                                              percentText(row.precision), percentText(row.low), percentText(row.high)));
               });
}

void PeoplesWordBox::showPlan()
{
    m_broken->setEnabled(m_byBroken->isChecked());
    m_votes->setEnabled(m_byLabel->isChecked());
    const FeedbackPlan plan = m_read ? planFeedback(m_read->agreement, rule()) : FeedbackPlan();
    m_drop->setEnabled(m_project->access() == Project::Access::ReadWrite && !(plan.broken.isEmpty() && plan.mislabelled.isEmpty()));
    m_plan->setText(tr("%1 of the judged items are called broken, %2 have another label by people's word. Those that were "
                       "dropped before are counted too.")
                        .arg(QLocale().toString(plan.broken.size()), QLocale().toString(plan.mislabelled.size())));
}

void PeoplesWordBox::drop()
{
    if (!m_read)
        return;
    m_drop->setEnabled(false);
    onFinished(m_project->write([plan = planFeedback(m_read->agreement, rule())](Connection &c) { return applyFeedback(c, plan); },
                                {Topic::Candidates}),
               this, [this](const Result<qint64> &dropped) {
                   showPlan();
                   if (!dropped)
                       return told(dropped.error());
                   m_banner->showMessage(Theme::Meaning::Success,
                                         tr("%1 items were dropped. “Take back” brings them back.").arg(QLocale().toString(*dropped)));
                   Q_EMIT done();
               });
}

void PeoplesWordBox::takeBack()
{
    m_takeBack->setEnabled(false);
    onFinished(m_project->write([dataset = m_dataset](Connection &c) { return undoFeedback(c, dataset); }, {Topic::Candidates}), this,
               [this](const Result<qint64> &restored) {
                   m_takeBack->setEnabled(true);
                   if (!restored)
                       return told(restored.error());
                   m_banner->showMessage(Theme::Meaning::Success,
                                         tr("%1 items are as before people's word.").arg(QLocale().toString(*restored)));
                   Q_EMIT done();
               });
}

void PeoplesWordBox::calibrate()
{
    m_fit->setEnabled(false);
    const QString kind = m_kind->currentData().toString();
    onFinished(m_project->write(
                   [dataset = m_dataset, kind](Connection &c) -> Result<CalibrationMap> {
                       EVALWRIGHT_ASSIGN(const auto labels, labelsByPeople(c, dataset));
                       EVALWRIGHT_ASSIGN(CalibrationMap map, fitCalibration(c, dataset, labels, kind));
                       EVALWRIGHT_TRY(storeCalibration(c, dataset, map));
                       return map;
                   },
                   {Topic::Datasets}),
               this, [this](const Result<CalibrationMap> &map) {
                   m_fit->setEnabled(true);
                   if (!map)
                       return told(map.error());
                   m_map->setText(tr("Kept with the data set: %1.").arg(map->text()));
                   m_map->show();
                   Q_EMIT done();
               });
}

void PeoplesWordBox::told(const Error &error)
{
    m_banner->showError(error);
    Q_EMIT done();
}

} // namespace evalwright
