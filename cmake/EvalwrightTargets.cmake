# SPDX-FileCopyrightText: 2026 The Evalwright authors
# SPDX-License-Identifier: GPL-3.0-or-later
# One place for what every target shares: language level, warnings, strict Qt, sanitizers.

add_library(evalwright_common INTERFACE)
target_compile_features(evalwright_common INTERFACE cxx_std_20)
target_include_directories(evalwright_common INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_definitions(evalwright_common INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
  QT_NO_FOREACH QT_NO_KEYWORDS QT_DISABLE_DEPRECATED_BEFORE=0x060400
  EVALWRIGHT_VERSION="${PROJECT_VERSION}" JSON_DIAGNOSTICS=0)
# -Wno-restrict: g++ 12 with -O3 reports it inside std::string for `"x" + std::string` (GCC bug 105651).
# No -Wnull-dereference: g++ 12 with -O3 reports it inside std::unique_ptr and nlohmann_json, where it is wrong.
target_compile_options(evalwright_common INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  -Wno-missing-field-initializers) # Half-given aggregates are how records with defaults are made.
if(EVALWRIGHT_WERROR)
  target_compile_options(evalwright_common INTERFACE -Werror)
endif()
if(EVALWRIGHT_SANITIZE)
  target_compile_options(evalwright_common INTERFACE -fsanitize=${EVALWRIGHT_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(evalwright_common INTERFACE -fsanitize=${EVALWRIGHT_SANITIZE})
endif()
if(EVALWRIGHT_COVERAGE)
  target_compile_options(evalwright_common INTERFACE --coverage)
  target_link_options(evalwright_common INTERFACE --coverage)
endif()

# evalwright_precompile(<target> headers... | FROM <other target>)
# Parsing the big third-party headers is most of the build, so it is done once for all targets that can share it.
function(evalwright_precompile target)
  cmake_parse_arguments(PRECOMPILE "" "FROM" "" ${ARGN})
  if(NOT EVALWRIGHT_PCH)
    return()
  endif()
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  if(PRECOMPILE_FROM)
    target_precompile_headers(${target} REUSE_FROM ${PRECOMPILE_FROM})
  else()
    target_precompile_headers(${target} PRIVATE ${PRECOMPILE_UNPARSED_ARGUMENTS})
  endif()
endfunction()

# evalwright_room(<target> SOURCES ... LINKS ...)
# A room is a static library that lists exactly what it may use.
function(evalwright_room target)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  if(NOT ROOM_SOURCES)
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE evalwright_common ${ROOM_LINKS} ${ROOM_PRIVATE_LINKS})
    return()
  endif()
  add_library(${target} STATIC ${ROOM_SOURCES})
  set_target_properties(${target} PROPERTIES AUTOMOC ON AUTORCC ON)
  target_link_libraries(${target} PUBLIC evalwright_common ${ROOM_LINKS} PRIVATE ${ROOM_PRIVATE_LINKS})
endfunction()

# A test program runs once per build: not optimising it costs less than it saves.
set(EVALWRIGHT_TEST_OPTIONS $<$<CONFIG:Release>:-O0>)
if(EVALWRIGHT_SANITIZE)
  set(EVALWRIGHT_TEST_OPTIONS -O0)
endif()

# evalwright_test(<name> LINKS ... [HEADERS <header>... | HEADERS_FROM <test>] [TIMEOUT <seconds>])
# One QtTest program from <name>.cpp in the current folder; HEADERS are precompiled, HEADERS_FROM shares another's.
function(evalwright_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT;HEADERS_FROM" "SOURCES;LINKS;ARGUMENTS;HEADERS" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  if(EVALWRIGHT_SANITIZE) # Several times slower.
    math(EXPR TEST_TIMEOUT "5 * ${TEST_TIMEOUT}")
  endif()
  add_executable(${name} ${name}.cpp ${TEST_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON)
  target_link_libraries(${name} PRIVATE ${TEST_LINKS} evalwright_testsupport Qt6::Test)
  target_compile_options(${name} PRIVATE ${EVALWRIGHT_TEST_OPTIONS})
  if(TEST_HEADERS_FROM)
    evalwright_precompile(${name} FROM ${TEST_HEADERS_FROM})
  elseif(NOT TEST_HEADERS)
    evalwright_precompile(${name} FROM evalwright_testsupport)
  else()
    evalwright_precompile(${name} ${TEST_HEADERS})
  endif()
  target_compile_definitions(${name} PRIVATE
    EVALWRIGHT_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data" EVALWRIGHT_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    EVALWRIGHT_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared")
  add_test(NAME ${name} COMMAND ${name} ${TEST_ARGUMENTS})
  # Every Qt warning is fatal: a test that logs one fails.
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT}
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_FATAL_WARNINGS=1;LC_ALL=C.UTF-8;TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp:die_after_fork=0")
endfunction()
