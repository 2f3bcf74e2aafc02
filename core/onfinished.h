// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>

#include <utility>

namespace evalwright {

/// Calls `callback(future.result())` on the thread of `context` when the future is done, unless `context` died first.
/// (`QFuture::then(context, …)` aborts in debug builds of Qt 6.4 in that case.)
template <class T, class Callback>
void onFinished(const QFuture<T> &future, QObject *context, Callback callback)
{
    auto *watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context,
                     [watcher, callback = std::move(callback)]() mutable {
                         if (watcher->future().resultCount() > 0)
                             callback(watcher->future().result());
                         watcher->deleteLater();
                     });
    watcher->setFuture(future);
}

} // namespace evalwright
