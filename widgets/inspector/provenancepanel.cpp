// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/provenancepanel.h"

#include "core/onfinished.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/reasontext.h"
#include "widgets/inspector/timelinestep.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/flowlayout.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int refreshMilliseconds = 500;

Chip *labelChip(const QString &text, Theme::Meaning meaning, QWidget *parent)
{
    auto *chip = new Chip(text, meaning, parent);
    chip->setFocusPolicy(Qt::NoFocus);
    chip->setCursor(Qt::ArrowCursor);
    chip->setAttribute(Qt::WA_TransparentForMouseEvents);
    return chip;
}

} // namespace

ProvenancePanel::ProvenancePanel(QWidget *parent)
    : QWidget(parent), m_banner(new Banner(this)), m_scroll(new QScrollArea(this))
{
    setAccessibleName(tr("Inspector"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_banner);
    layout->addWidget(m_scroll, 1);
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(refreshMilliseconds);
    connect(&m_refresh, &QTimer::timeout, this, &ProvenancePanel::read);
    showCandidate({});
}

void ProvenancePanel::setProject(std::shared_ptr<Project> project)
{
    if (m_project)
        m_project->notifier()->disconnect(this);
    m_project = std::move(project);
    if (m_project) {
        connect(m_project->notifier(), &ProjectNotifier::changed, this, [this](Topic topic) {
            if ((topic == Topic::Candidates || topic == Topic::Runs || topic == Topic::Reviews) && m_candidate.isValid() && !m_refresh.isActive())
                m_refresh.start();
        });
    }
    showCandidate({});
}

void ProvenancePanel::showCandidate(CandidateId id)
{
    m_candidate = id;
    m_signature.clear();
    ++m_generation;
    m_refresh.stop();
    m_banner->hide();
    if (!id.isValid() || !m_project) {
        clearContent();
        addEmptyState(
            tr("Select an item to see how it came to be, what people said about it and what models answered."));
        m_column->addStretch(1);
        return;
    }
    read();
}

void ProvenancePanel::read()
{
    if (!m_project || !m_candidate.isValid())
        return;
    // One reading at a time: arrow keys run through items faster than a slow disk answers.
    if (m_reading) {
        m_readAgain = true;
        return;
    }
    m_reading = true;
    const auto answered =
        m_project->read([id = m_candidate](Connection &connection) { return readProvenance(connection, id); });
    onFinished(answered, this, [this, generation = m_generation](const Result<ProvenanceReport> &report) {
        m_reading = false;
        if (m_readAgain) {
            m_readAgain = false;
            read();
        }
        if (generation != m_generation)
            return;
        if (!report) {
            clearContent();
            m_column->addStretch(1);
            m_banner->showError(report.error());
        } else if (report->signature() != m_signature) {
            m_signature = report->signature();
            m_banner->hide();
            rebuild(*report);
        }
        Q_EMIT loaded();
    });
}

void ProvenancePanel::clearContent()
{
    auto *content = new QWidget;
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    m_column->setSpacing(0);
    if (QWidget *former = m_scroll->takeWidget()) {
        former->hide();
        former->deleteLater(); // It may be the sender of what brought us here.
    }
    m_scroll->setWidget(content);
}

void ProvenancePanel::rebuild(const ProvenanceReport &report)
{
    clearContent();
    const Candidate &candidate = report.provenance.row.candidate;
    QWidget *content = m_scroll->widget();
    auto *statement = new QLabel(content);
    statement->setTextFormat(Qt::PlainText);
    statement->setWordWrap(true);
    statement->setMinimumWidth(1);
    statement->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    // What the item asks comes first; a biography before it is long and looks alike from item to item.
    const QString &text = !candidate.statement.isEmpty()  ? candidate.statement
                          : report.bareQuestion.isEmpty() ? candidate.question
                                                          : report.bareQuestion;
    statement->setText(text.isEmpty() ? tr("(no statement could be read)") : withVisibleControls(text));
    statement->setFont(Theme::font(Theme::Role::Heading));
    m_column->addWidget(statement);
    m_column->addSpacing(Theme::spacing());
    if (!report.biography.isEmpty()) {
        addHeading(tr("Asked after this biography"));
        auto *biography = new QLabel(withVisibleControls(report.biography), content);
        biography->setTextFormat(Qt::PlainText);
        biography->setWordWrap(true);
        biography->setMinimumWidth(1);
        biography->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        m_column->addWidget(biography);
        m_column->addSpacing(Theme::spacing());
    }

    auto *chips = new QWidget(content);
    auto *flow = new FlowLayout(chips, Theme::spacing());
    if (const auto &decision = report.provenance.row.decision)
        flow->addWidget(
            labelChip(stateText(*decision), decision->keep ? Theme::Meaning::Success : Theme::Meaning::Refusal, chips));
    else
        flow->addWidget(labelChip(tr("not decided yet"), Theme::Meaning::Warning, chips));
    const QString label = candidate.matchingLabel.isEmpty() ? candidate.wantedLabel : candidate.matchingLabel;
    if (!label.isEmpty())
        flow->addWidget(labelChip(tr("matching answer: %1").arg(singleLine(label.trimmed(), 40)),
                                  isAffirmative(label) ? Theme::Meaning::Matching : Theme::Meaning::NotMatching,
                                  chips));
    if (!report.side.isEmpty())
        flow->addWidget(labelChip(tr("biography of: %1").arg(singleLine(report.side, 40)), Theme::Meaning::Machine, chips));
    flow->addWidget(labelChip(singleLine(report.provenance.dataset.name, 60), Theme::Meaning::TextSecondary, chips));
    m_column->addWidget(chips);

    if (!report.controls.isEmpty()) {
        addHeading(tr("Controls"));
        addSteps(controlsOf(report));
    }
    addHeading(tr("How it came to be"));
    addSteps(howItCameToBe(report));
    addHeading(tr("What people said"));
    addEmptyState(tr("No one has rated this item yet. Ratings and comments of raters will be here."));
    addHeading(tr("What models answered"));
    const QList<TimelineEntry> answers = whatModelsAnswered(report);
    if (answers.isEmpty())
        addEmptyState(tr("No model was asked this item yet. Run an evaluation to see answers here."));
    else
        addSteps(answers);
    m_column->addStretch(1);
}

void ProvenancePanel::addHeading(const QString &text)
{
    auto *heading = new QLabel(text, m_scroll->widget());
    QFont font = Theme::font(Theme::Role::Caption);
    font.setWeight(QFont::DemiBold);
    font.setCapitalization(QFont::AllUppercase);
    heading->setFont(font);
    setSecondary(heading);
    m_column->addSpacing(Theme::spacing(3));
    m_column->addWidget(heading);
    m_column->addSpacing(Theme::spacing());
}

void ProvenancePanel::addEmptyState(const QString &text)
{
    auto *label = new QLabel(text, m_scroll->widget());
    label->setWordWrap(true);
    setSecondary(label);
    m_column->addWidget(label);
}

void ProvenancePanel::addSteps(const QList<TimelineEntry> &entries)
{
    for (qsizetype i = 0; i < entries.size(); ++i) {
        auto *step = new TimelineStep(entries.at(i), i + 1 == entries.size(), m_scroll->widget());
        connect(step, &TimelineStep::requestWanted, this, &ProvenancePanel::requestWanted);
        m_column->addWidget(step);
    }
}

} // namespace evalwright
