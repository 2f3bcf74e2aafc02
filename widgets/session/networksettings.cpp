// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/networksettings.h"

#include <QSettings>

namespace evalwright {

using namespace Qt::StringLiterals;

TransportSettings networkSettings()
{
    const QSettings settings;
    return {settings.value(u"network/proxy"_s).toString(), settings.value(u"network/no-proxy"_s).toString(),
            settings.value(u"network/ca-file"_s).toString()};
}

void storeNetworkSettings(const TransportSettings &network)
{
    QSettings settings;
    settings.setValue(u"network/proxy"_s, network.proxy);
    settings.setValue(u"network/no-proxy"_s, network.noProxy);
    settings.setValue(u"network/ca-file"_s, network.caFile);
}

} // namespace evalwright
