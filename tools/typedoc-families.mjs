// The API reference in families: what belongs together stands together, by the file that declares it.
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

/** A part of a file's path, and the family of what it declares. The first that fits counts. */
const FAMILIES = [
  [/lib\/syscalls\/(socket|accept|address|placed)\.ts$/, 'Sockets and their addresses'],
  [/lib\/syscalls\/(transfer|message)\.ts$|lib\/control\.ts$/, 'Sending and receiving'],
  [/lib\/syscalls\/sockopt\.ts$|lib\/constants\/define\.ts$/, 'Options'],
  [/lib\/syscalls\/(poll|fcntl|ioctl|pidfd)\.ts$/, 'Waiting and descriptors'],
  [/lib\/syscalls\/inet\.ts$|lib\/(byte-order|socket-address)\.ts$/, 'Addresses as text and as objects'],
  [/lib\/helpers\//, 'Helpers over a few calls'],
  [/lib\/errors\.ts$/, 'Errors'],
  [/lib\/names\.ts$/, 'Names of constants'],
  [/lib\/(structs(\.ts|\/)|layout\.ts)/, 'Structs'],
  [/lib\/constants\/(socket|level|pf)\.ts$/, 'Constants: families, types, levels, messages'],
  [/lib\/constants\/(in|in6)\.ts$/, 'Constants: IPv4 and IPv6'],
  [/lib\/constants\/(tcp|udp)\.ts$/, 'Constants: TCP and UDP'],
  [/lib\/constants\/sockopt\.ts$/, 'Constants: options of every socket'],
  [/lib\/constants\/(poll|fcntl|ioctl|errqueue|filter)\.ts$/, 'Constants: poll, fcntl, ioctl, error queue, filters'],
  [/lib\/constants\/(netlink|rtnetlink|packet)\.ts$/, 'Constants: netlink and packets'],
  [/lib\/constants\//, 'Constants: other families'],
];

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    const all = context.project.getReflectionsByKind(
      ReflectionKind.Function |
        ReflectionKind.Variable |
        ReflectionKind.Class |
        ReflectionKind.Interface |
        ReflectionKind.TypeAlias,
    );
    for (const reflection of all) {
      const file = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName ?? '';
      const family = FAMILIES.find(([path]) => path.test(file))?.[1];
      if (family === undefined) continue;
      const place = reflection.signatures?.[0] ?? reflection;
      place.comment ??= new Comment();
      place.comment.blockTags.push(new CommentTag('@group', [{ kind: 'text', text: family }]));
    }
  });
}
