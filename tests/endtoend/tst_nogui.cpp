// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The command line program must run where no graphical library is installed.
#include "cli.h"

#include <QFile>
#include <QTest>

#include <cstring>
#include <elf.h>

using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

template <class T>
T at(const QByteArray &file, quint64 offset)
{
    T value{};
    if (offset + sizeof(T) <= static_cast<quint64>(file.size()))
        std::memcpy(&value, file.constData() + offset, sizeof(T));
    return value;
}

/// DT_NEEDED of a 64-bit ELF file (elf(5)): the libraries it names itself.
QByteArrayList neededBy(const QString &path)
{
    QFile opened(path);
    if (!opened.open(QIODevice::ReadOnly))
        return {};
    const QByteArray file = opened.readAll();
    const auto header = at<Elf64_Ehdr>(file, 0);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64)
        return {};
    QByteArrayList names;
    for (int i = 0; i < header.e_shnum; ++i) {
        const auto section = at<Elf64_Shdr>(file, header.e_shoff + static_cast<quint64>(i) * header.e_shentsize);
        if (section.sh_type != SHT_DYNAMIC)
            continue;
        const auto strings =
            at<Elf64_Shdr>(file, header.e_shoff + static_cast<quint64>(section.sh_link) * header.e_shentsize);
        for (quint64 entry = 0; entry + sizeof(Elf64_Dyn) <= section.sh_size; entry += sizeof(Elf64_Dyn)) {
            const auto dynamic = at<Elf64_Dyn>(file, section.sh_offset + entry);
            if (dynamic.d_tag == DT_NEEDED)
                names << QByteArray(file.constData() + strings.sh_offset + dynamic.d_un.d_val);
        }
    }
    return names;
}

const char *const graphical[] = {"Qt6Gui",      "Qt6Widgets", "Qt6PrintSupport", "Qt6Svg", "Qt6OpenGL",
                                 "qcustomplot", "libX11",     "libxcb",          "libGL",  "libwayland"};

} // namespace

class TestNoGui : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesNoGraphicalLibrary()
    {
        const QByteArrayList needed = neededBy(QStringLiteral(EVALWRIGHT_CLI));
        QVERIFY2(needed.join(' ').contains("Qt6Core"), "the dynamic section could not be read");
        for (const char *library : graphical)
            QVERIFY2(!needed.join(' ').contains(library), library);
    }

    void loadsNoGraphicalLibrary()
    {
        // The loader lists everything it would load, also through other libraries.
        Surroundings around;
        around.environment = {u"LD_TRACE_LOADED_OBJECTS=1"_s};
        const QByteArray loaded = runWith(around, {}).out;
        QVERIFY(loaded.contains("Qt6Core"));
        for (const char *library : graphical)
            QVERIFY2(!loaded.contains(library), library);
    }

    void runsWithoutADisplay()
    {
        Surroundings around;
        around.environment = {u"DISPLAY="_s, u"WAYLAND_DISPLAY="_s, u"QT_QPA_PLATFORM=none-such"_s};
        const Ran ran = runWith(around, {u"--version"_s});
        QCOMPARE(ran.code, 0);
        for (const char *part : {"evalwright-cli", "schema", "Qt", "SQLite", "libcurl"})
            QVERIFY2(ran.out.contains(part), part);
    }
};

QTEST_GUILESS_MAIN(TestNoGui)
#include "tst_nogui.moc"
