#!/usr/bin/env bash
# Builds a release in dist/: .ci/release.sh v1.2.3
#
# Programs are built from the archive of the commit and not from the working tree, so
# that whoever has the archive and the same version of Go gets the same bytes. The first
# platform is built twice, in two folders. With a key, the tag and the checksums are
# signed; the tag is not pushed.
#
#   ZIELSTAND_RELEASE_KEY        private SSH key for the signatures; without it, nothing is signed
#   ZIELSTAND_RELEASE_PLATFORMS  linux/amd64 linux/arm64
set -euo pipefail
cd "$(dirname "$0")/.."
die() { echo "release: $*" >&2; exit 1; }

version=${1:-}
[[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || die "usage: .ci/release.sh v1.2.3; ${version:-nothing} is not a version"
[ -z "$(git status --porcelain)" ] || die "the working tree has changes that are not committed"
! git rev-parse -q --verify "refs/tags/$version" >/dev/null || die "the tag $version already exists"
awk -v v="${version#v}" '$1 == "##" && ($2 == v || $2 == "[" v "]") {found = 1} END {exit !found}' CHANGELOG.md || die "CHANGELOG.md has no section for ${version#v}"
key=${ZIELSTAND_RELEASE_KEY:-}
[ -z "$key" ] || [ -r "$key" ] || die "the key $key cannot be read"
read -ra platforms <<<"${ZIELSTAND_RELEASE_PLATFORMS:-linux/amd64 linux/arm64}"

if [ -n "$key" ]; then
  git -c gpg.format=ssh -c user.signingkey="$key" tag -s -m "Zielstand $version" "$version"
else
  git tag -a -m "Zielstand $version" "$version"
fi
finished=
work=$(mktemp -d)
trap 'rm -rf "$work"; [ -n "$finished" ] || git tag -d "$version" >/dev/null' EXIT

rm -rf dist
mkdir dist
name=zielstand-$version
git archive --format=tar.gz --prefix="$name/" -o "dist/$name-source.tar.gz" "$version"
for folder in first second; do
  mkdir "$work/$folder"
  tar xzf "dist/$name-source.tar.gz" -C "$work/$folder"
done

build() { # folder, platform, output
  (cd "$work/$1/$name" && CGO_ENABLED=0 GOOS=${2%/*} GOARCH=${2#*/} GOFLAGS=-mod=readonly \
    go build -trimpath -buildvcs=false -ldflags="-s -w -X github.com/zielstand/zielstand/internal/build.stamped=$version" -o "$3" .)
}
for p in "${platforms[@]}"; do
  build first "$p" "$PWD/dist/$name-${p/\//-}"
done
build second "${platforms[0]}" "$work/again"
cmp "dist/$name-${platforms[0]/\//-}" "$work/again" || die "two builds of ${platforms[0]} differ"

# The build for this machine prints what goes with it.
build first "$(go env GOHOSTOS)/$(go env GOHOSTARCH)" "$work/host"
printed=$("$work/host" --version)
[[ $printed == "zielstand $version,"* ]] || die "the program says that it is “$printed”"
"$work/host" sbom >"dist/$name-sbom.cdx.json"
"$work/host" licenses >"dist/$name-licenses.txt"
(cd dist && sha256sum "$name"* >SHA256SUMS)
if [ -n "$key" ]; then
  ssh-keygen -q -Y sign -f "$key" -n zielstand-release dist/SHA256SUMS
  echo "signed: dist/SHA256SUMS.sig and the tag"
else
  echo "not signed: ZIELSTAND_RELEASE_KEY is not set"
fi
finished=yes
echo "built $version in dist/; publish it with: git push origin $version"
