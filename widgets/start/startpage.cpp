// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/start/startpage.h"

#include "core/text.h"
#include "lm/engine/datafolder.h"
#include "widgets/models/enginesetup.h"
#include "widgets/session/session.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QFileInfo>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QLabel *plain(const QString &text, Theme::Role role, bool secondary = false)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setFont(Theme::font(role));
    if (secondary)
        setSecondary(label);
    return label;
}

} // namespace

StartPage::StartPage(Session &session, EngineSetup &setup, QWidget *parent)
    : QWidget(parent), m_session(session), m_setup(setup), m_banner(new Banner), m_recent(new QListWidget),
      m_noRecent(plain(tr("Projects that you open will be listed here."), Theme::Role::Body, true)),
      m_engineText(plain(tr("Looking for the local model …"), Theme::Role::Body, true)),
      m_sampleText(plain({}, Theme::Role::Caption, true)), m_engineButton(new QPushButton),
      m_sampleButton(new QPushButton(tr("Open the sample project"))), m_engineProgress(new QProgressBar)
{
    auto *title = plain(tr("Evalwright"), Theme::Role::Title);
    auto *what = plain(tr("Let a model write the test items, check them, ask models of growing size, and see how the "
                          "behaviour changes."),
                       Theme::Role::Body, true);
    auto *newButton = new QPushButton(tr("New project …"));
    setPrimary(newButton);
    auto *openButton = new QPushButton(tr("Open …"));
    for (QPushButton *button : {newButton, openButton, m_sampleButton})
        button->setMinimumHeight(36);

    auto *left = new QVBoxLayout;
    left->setSpacing(Theme::spacing());
    left->addWidget(plain(tr("Start"), Theme::Role::Heading));
    left->addWidget(newButton);
    left->addWidget(openButton);
    left->addWidget(m_sampleButton);
    left->addWidget(m_sampleText);
    left->addSpacing(Theme::spacing(3));
    auto *engineCard = new QFrame;
    setCard(engineCard);
    auto *engineLayout = new QVBoxLayout(engineCard);
    engineLayout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    engineLayout->addWidget(plain(tr("Local model"), Theme::Role::Heading));
    engineLayout->addWidget(m_engineText);
    engineLayout->addWidget(m_engineProgress);
    engineLayout->addWidget(m_engineButton, 0, Qt::AlignLeft);
    left->addWidget(engineCard);
    left->addStretch();

    m_recent->setFrameShape(QFrame::NoFrame);
    m_recent->setAccessibleName(tr("Recent projects"));
    m_recent->setSpacing(2);
    m_recent->setTextElideMode(Qt::ElideMiddle);
    m_recent->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *right = new QVBoxLayout;
    right->setSpacing(Theme::spacing());
    right->addWidget(plain(tr("Recent projects"), Theme::Role::Heading));
    m_noRecent->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    right->addWidget(m_noRecent, 1); // One of the two is hidden; the other takes the room.
    right->addWidget(m_recent, 1);

    auto *columns = new QHBoxLayout;
    columns->setSpacing(Theme::spacing(6));
    columns->addLayout(left, 2);
    columns->addLayout(right, 3);
    auto *inner = new QWidget;
    inner->setMaximumWidth(920);
    auto *innerLayout = new QVBoxLayout(inner);
    innerLayout->addWidget(title);
    innerLayout->addWidget(what);
    innerLayout->addSpacing(Theme::spacing(3));
    innerLayout->addLayout(columns, 1);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(Theme::spacing(4), Theme::spacing(3), Theme::spacing(4), Theme::spacing(4));
    outer->addWidget(m_banner);
    outer->addSpacing(Theme::spacing(4));
    auto *centred = new QHBoxLayout;
    centred->addStretch(1);
    centred->addWidget(inner, 12);
    centred->addStretch(1);
    outer->addLayout(centred, 1);

    connect(newButton, &QPushButton::clicked, this, &StartPage::newRequested);
    connect(openButton, &QPushButton::clicked, this, &StartPage::openRequested);
    connect(m_sampleButton, &QPushButton::clicked, this, [this] { Q_EMIT pathRequested(samplePath()); });
    connect(m_recent, &QListWidget::itemActivated, this,
            [this](const QListWidgetItem *item) { Q_EMIT pathRequested(item->data(Qt::UserRole).toString()); });
    connect(m_recent, &QListWidget::itemClicked, this,
            [this](const QListWidgetItem *item) { Q_EMIT pathRequested(item->data(Qt::UserRole).toString()); });
    connect(m_engineButton, &QPushButton::clicked, this, [this] {
        if (m_setup.isInstalling())
            m_setup.cancel();
        else
            m_setup.install({}, false);
    });
    connect(&m_setup, &EngineSetup::changed, this, &StartPage::showEngine);
    connect(&m_setup, &EngineSetup::failed, m_banner, &Banner::showError);
    connect(&m_session, &Session::projectChanged, this, &StartPage::refill);
    refill();
    showEngine();
}

QString StartPage::samplePath()
{
    return DataFolder::standard().root + u"/sample/sample.evalwright"_s;
}

void StartPage::refill()
{
    m_recent->clear();
    for (const QString &path : m_session.recentProjects()) {
        const QFileInfo file(path);
        auto *item = new QListWidgetItem(file.completeBaseName() + u'\n' + file.path(), m_recent);
        item->setData(Qt::UserRole, path);
    }
    m_noRecent->setVisible(m_recent->count() == 0);
    m_recent->setVisible(m_recent->count() > 0);
    const bool sample = QFileInfo::exists(samplePath());
    m_sampleButton->setEnabled(sample);
    m_sampleText->setText(
        sample
            ? tr("Statements about an agreeable person, written and answered by three small local models; the numbers "
                 "are what was measured.")
            : tr("Not there yet: the command ./start puts it there."));
}

void StartPage::showEngine()
{
    m_engineProgress->setVisible(m_setup.isInstalling());
    m_engineButton->setVisible(m_setup.status().has_value());
    if (!m_setup.status())
        return;
    const EngineStatus::Model *model = m_setup.defaultModel();
    if (m_setup.isInstalling()) {
        const InstallProgress &p = m_setup.progress();
        m_engineText->setText(
            p.totalBytes > 0 ? tr("Getting ready: %1 of %2").arg(formatBytes(p.doneBytes), formatBytes(p.totalBytes))
                             : tr("Getting ready …"));
        m_engineProgress->setRange(0, p.totalBytes > 0 ? 1000 : 0);
        if (p.totalBytes > 0)
            m_engineProgress->setValue(static_cast<int>(1000 * p.doneBytes / p.totalBytes));
        m_engineButton->setText(tr("Cancel"));
    } else if (m_setup.isReady()) {
        m_engineText->setText(tr("%1 (%2 parameters) is ready. It runs on this computer; nothing is sent anywhere.")
                                  .arg(model->title, formatParameters(static_cast<double>(model->parameters))));
        m_engineButton->hide();
    } else if (model) {
        m_engineText->setText(
            tr("%1 is not installed. It is small and free (%2) and lets you try everything without an account.")
                .arg(model->title, model->licence));
        m_engineButton->setText(tr("Make it ready (%1)").arg(formatBytes(model->downloadBytes)));
    }
}

} // namespace evalwright
