// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/ziparchive.h"

#include "storage/exchange/fileerror.h"

#include <QFile>

#include <boost/crc.hpp>
#include <zip.h>
#include <zstd.h>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr zip_uint16_t zstandard = 93;
constexpr qsizetype chunk = 1 << 18;
constexpr int largestWindow = 26; ///< 64 MiB: as much as a member may have.

struct Discard
{
    void operator()(zip_t *archive) const { zip_discard(archive); }
    void operator()(zip_file_t *file) const { zip_fclose(file); }
    void operator()(ZSTD_DCtx *context) const { ZSTD_freeDCtx(context); }
};

} // namespace

struct ZipArchive::Impl
{
    QString path;
    ZipLimits limits;
    std::unique_ptr<zip_t, Discard> archive;

    tl::unexpected<Error> bad(ErrorCode code, const Member &member, const QString &what, const QString &detail = {}) const
    {
        return failure(Error(code, u"“%1” in “%2” %3."_s.arg(member.name.left(120), path, what),
                             u"Get the file again from where it came."_s, detail));
    }
};

ZipArchive::ZipArchive(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
ZipArchive::~ZipArchive() = default;

Result<std::unique_ptr<ZipArchive>> ZipArchive::open(const QString &path, const ZipLimits &limits)
{
    EVALWRIGHT_TRY(requireRegularFile(path));
    QFile readable(path); // For the words of a file that cannot be read.
    if (!readable.open(QIODevice::ReadOnly))
        return failure(fileError(readable, u"Could not read"_s, path));
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    impl->limits = limits;
    int code = 0;
    impl->archive.reset(zip_open(QFile::encodeName(path).constData(), ZIP_RDONLY, &code));
    if (!impl->archive) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        const QString text = QString::fromUtf8(zip_error_strerror(&error));
        zip_error_fini(&error);
        return failure(ErrorCode::Corrupt, u"“%1” is no ZIP file that can be read."_s.arg(path),
                       u"Get the file again from where it came."_s, text);
    }
    const zip_int64_t count = zip_get_num_entries(impl->archive.get(), 0);
    if (count > limits.members) {
        return failure(ErrorCode::Corrupt, u"“%1” has %2 members; at most %3 are read."_s.arg(path, QString::number(count), QString::number(limits.members)),
                       u"Split the file."_s);
    }
    std::unique_ptr<ZipArchive> out(new ZipArchive(std::move(impl)));
    out->m_members.reserve(static_cast<std::size_t>(count));
    quint64 packed = 0;
    for (zip_int64_t i = 0; i < count; ++i) {
        zip_stat_t stat;
        const auto index = static_cast<zip_uint64_t>(i);
        if (zip_stat_index(out->m_impl->archive.get(), index, 0, &stat) != 0 || !(stat.valid & ZIP_STAT_NAME))
            continue;
        out->m_members.push_back({QString::fromUtf8(stat.name), index,
                                  stat.valid & ZIP_STAT_COMP_SIZE ? static_cast<qint64>(stat.comp_size) : 0});
        packed += std::min(stat.valid & ZIP_STAT_COMP_SIZE ? stat.comp_size : 0, static_cast<zip_uint64_t>(readable.size()) + 1);
    }
    // Members that share their bytes would unpack one kilobyte a million times.
    if (packed > static_cast<quint64>(readable.size())) {
        return failure(ErrorCode::Corrupt, u"The members of “%1” are together larger than the file: it is damaged, or made to do harm."_s.arg(path),
                       u"Get the file again from where it came."_s);
    }
    return out;
}

Result<QByteArray> ZipArchive::read(const Member &member, const CancellationToken &token) const
{
    const ZipLimits &limits = m_impl->limits;
    zip_stat_t stat;
    constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_CRC;
    if (zip_stat_index(m_impl->archive.get(), member.index, 0, &stat) != 0 || (stat.valid & needed) != needed)
        return m_impl->bad(ErrorCode::Corrupt, member, u"is damaged"_s);
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
        return m_impl->bad(ErrorCode::Corrupt, member, u"is encrypted"_s);
    const zip_uint16_t method = stat.comp_method;
    if (method != ZIP_CM_STORE && method != ZIP_CM_DEFLATE && method != zstandard)
        return m_impl->bad(ErrorCode::Unsupported, member, u"is packed in a way (%1) that is not read"_s.arg(method));
    // Headers may lie, so the same limits hold for what really comes.
    const qint64 packed = std::max<qint64>(1, static_cast<qint64>(stat.comp_size));
    const auto tooMuch = [&](quint64 bytes) {
        return bytes > static_cast<quint64>(limits.memberBytes) ||
               (bytes > static_cast<quint64>(limits.ratioFrom) && bytes / static_cast<quint64>(packed) > static_cast<quint64>(limits.ratio));
    };
    const auto large = [&] {
        return m_impl->bad(ErrorCode::InvalidInput, member,
                           u"unpacks to more than %1 MiB, or to more than %2 times its size"_s.arg(limits.memberBytes >> 20).arg(limits.ratio));
    };
    if (tooMuch(stat.size))
        return large();

    const std::unique_ptr<zip_file_t, Discard> file(
        zip_fopen_index(m_impl->archive.get(), member.index, method == zstandard ? ZIP_FL_COMPRESSED : 0));
    if (!file)
        return m_impl->bad(ErrorCode::Corrupt, member, u"is damaged"_s, QString::fromUtf8(zip_strerror(m_impl->archive.get())));
    QByteArray out;
    out.reserve(static_cast<qsizetype>(stat.size));
    QByteArray buffer(chunk, Qt::Uninitialized), unpacked(chunk, Qt::Uninitialized);
    std::unique_ptr<ZSTD_DCtx, Discard> context;
    if (method == zstandard) {
        context.reset(ZSTD_createDCtx());
        if (!context || ZSTD_isError(ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, largestWindow)))
            return m_impl->bad(ErrorCode::Unknown, member, u"could not be unpacked: Zstandard did not start"_s);
    }
    std::size_t expected = 0; // Of Zstandard: 0 at the end of a frame.
    for (;;) {
        if (token.isCancelled())
            return failure(stoppedOnRequest());
        const zip_int64_t got = zip_fread(file.get(), buffer.data(), static_cast<zip_uint64_t>(buffer.size()));
        if (got < 0)
            return m_impl->bad(ErrorCode::Corrupt, member, u"is damaged"_s, QString::fromUtf8(zip_file_strerror(file.get())));
        if (got == 0)
            break;
        if (!context) {
            if (tooMuch(static_cast<quint64>(out.size() + got)))
                return large();
            out.append(buffer.constData(), static_cast<qsizetype>(got));
            continue;
        }
        ZSTD_inBuffer in{buffer.constData(), static_cast<std::size_t>(got), 0};
        for (;;) {
            ZSTD_outBuffer to{unpacked.data(), static_cast<std::size_t>(unpacked.size()), 0};
            expected = ZSTD_decompressStream(context.get(), &to, &in);
            if (ZSTD_isError(expected))
                return m_impl->bad(ErrorCode::Corrupt, member, u"is damaged"_s, QString::fromUtf8(ZSTD_getErrorName(expected)));
            if (tooMuch(static_cast<quint64>(out.size()) + to.pos))
                return large();
            out.append(unpacked.constData(), static_cast<qsizetype>(to.pos));
            if (in.pos == in.size && (to.pos < to.size || expected == 0))
                break; // Everything that these bytes hold has come.
            if (token.isCancelled())
                return failure(stoppedOnRequest());
        }
    }
    boost::crc_32_type crc;
    crc.process_bytes(out.constData(), static_cast<std::size_t>(out.size()));
    if (expected != 0 || static_cast<zip_uint64_t>(out.size()) != stat.size || crc.checksum() != stat.crc)
        return m_impl->bad(ErrorCode::Corrupt, member, u"is damaged"_s);
    return out;
}

} // namespace evalwright
