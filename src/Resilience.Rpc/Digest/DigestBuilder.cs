using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>
/// Takes the tokens of one JSON value and gives its digest. Every value has a hash of its own: a scalar that of its type and normal form,
/// an array that of its elements' hashes in order, an object that of its members' name and value hashes in the order of the name hashes,
/// which also brings equal names together. Nothing of the text is kept. Not safe for concurrent use; a token allocates nothing once the
/// builder has grown to the document's shape.
/// </summary>
internal sealed partial class DigestBuilder(JsonPathTable paths, SipKey key, JsonDigestOptions options) : IDisposable
{
    private const int FirstFrames = 8;
    private const int KeptFrames = 32;
    private const int FirstMembers = 32;
    private const int KeptMembers = 4_096;
    private readonly NameHashes _names = new(key);
    private readonly SipHash _emptyArray = new(key, (ulong)JsonTokenType.StartArray);
    private readonly SipHash _emptyObject = new(key, (ulong)JsonTokenType.StartObject);
    private readonly bool _hasPaths = paths.All != 0;
    private DigestFrame[] _frames = new DigestFrame[FirstFrames];
    private ObjectShape?[] _shapes = new ObjectShape?[FirstFrames];
    private DigestMember[] _members = new DigestMember[FirstMembers];
    private JsonText _text;
    private Scratch _form;
    private int _depth;
    private int _memberCount;

    /// <summary>The digest, once <see cref="Add"/> has said that the value is complete.</summary>
    internal UInt128 Digest { get; private set; }

    /// <summary>Why there will be no digest; no further token may be added then.</summary>
    internal DigestFault Fault { get; private set; }

    /// <summary>Starts a new value.</summary>
    internal void Reset()
    {
        _depth = 0;
        _memberCount = 0;
        Digest = default;
        Fault = DigestFault.None;
    }

    /// <summary>Gives back what was rented and what an unusual document made large; the builder may be used again.</summary>
    public void Dispose()
    {
        _text.Release();
        _form.Release();
        if (_members.Length > KeptMembers)
        {
            _members = new DigestMember[FirstMembers];
        }

        if (_frames.Length > KeptFrames)
        {
            _frames = new DigestFrame[FirstFrames];
            _shapes = new ObjectShape?[FirstFrames];
        }
    }

    /// <summary>Takes the token at which <paramref name="reader"/> stands.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="isAscii">Whether the token is known to hold no byte above 127.</param>
    /// <returns>Whether the value is complete, or <see cref="Fault"/> says why it never will be.</returns>
    internal bool Add(ref Utf8JsonReader reader, bool isAscii)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Name(ref reader, isAscii);
                return Fault != DigestFault.None;
            case JsonTokenType.StartObject:
            case JsonTokenType.StartArray:
                Open(reader.TokenType == JsonTokenType.StartArray);
                return Fault != DigestFault.None;
            case JsonTokenType.EndObject:
                return Value(CloseObject());
            case JsonTokenType.EndArray:
                return Value(_frames[--_depth].Elements.Finish());
            default:
                return Value(Scalar(ref reader, isAscii, _hasPaths ? EnterValue().Roles : PathRoles.None));
        }
    }

    private void Name(ref Utf8JsonReader reader, bool isAscii)
    {
        if (!_text.TryRead(ref reader, isAscii, out var name))
        {
            Fault = DigestFault.InvalidText;
            return;
        }

        ref var frame = ref _frames[_depth - 1];
        var words = NameWords.Of(name);
        var shape = _shapes[_depth - 1]!;
        if (!shape.TryGet(_memberCount - frame.FirstMember, words, out frame.Name))
        {
            frame.Name = _names.Of(name, words);
            frame.IsAsExpected = false;
            shape.Expect(_memberCount - frame.FirstMember, words, frame.Name);
        }

        if (_hasPaths)
        {
            var parent = frame.Place;
            frame.Child = parent.Paths == 0 ? parent with { Roles = PathRoles.None } : Step(parent, name, isElement: false);
        }
    }

    private void Open(bool isArray)
    {
        var place = _hasPaths ? EnterValue() : default;
        if (_depth == _frames.Length)
        {
            Array.Resize(ref _frames, _depth * 2);
            Array.Resize(ref _shapes, _depth * 2);
        }

        ref var frame = ref _frames[_depth];
        if (isArray)
        {
            frame.Elements = _emptyArray;
        }
        else
        {
            _shapes[_depth] ??= new ObjectShape();
            frame.IsAsExpected = true;
        }

        _depth++;
        frame.FirstMember = _memberCount;
        frame.IsArray = isArray;
        if (_hasPaths)
        {
            frame.Place = place;
            frame.Child = place with { Roles = PathRoles.None };
        }
    }

    // Where the value that begins now stands.
    private DigestPlace EnterValue()
    {
        if (_depth == 0)
        {
            return new DigestPlace(paths.All, PathRoles.None, paths.HasNoProjection, Counts: true);
        }

        ref var frame = ref _frames[_depth - 1];
        if (frame.IsArray && frame.Place.Paths != 0)
        {
            frame.Child = Step(frame.Place, default, isElement: true);
        }

        return frame.Child;
    }

    private DigestPlace Step(DigestPlace from, ReadOnlySpan<byte> name, bool isElement)
    {
        var next = paths.Step(from.Paths, _depth - 1, name, isElement, out var roles);
        var isProjected = from.IsProjected || (roles & PathRoles.Projected) != PathRoles.None;
        var counts = from.Counts && (roles & PathRoles.Ignored) == PathRoles.None && (isProjected || paths.LeadsToProjected(next));
        return new DigestPlace(next, roles, isProjected, counts);
    }

    private bool Value(Hash128 hash)
    {
        if (Fault != DigestFault.None)
        {
            return true;
        }

        if (_depth == 0)
        {
            Digest = hash.ToUInt128();
            return true;
        }

        ref var frame = ref _frames[_depth - 1];
        var counts = !_hasPaths || frame.Child.Counts;
        if (!frame.IsArray)
        {
            AddMember(new DigestMember(frame.Name, counts ? hash : default));
        }
        else if (counts)
        {
            frame.Elements.Add(hash);
        }

        return Fault != DigestFault.None;
    }

    private void AddMember(DigestMember member)
    {
        if (_memberCount == options.MaxOpenMembers)
        {
            Fault = DigestFault.TooManyMembers;
            return;
        }

        if (_memberCount == _members.Length)
        {
            Array.Resize(ref _members, _memberCount * 2);
        }

        _members[_memberCount++] = member;
    }

    private Hash128 CloseObject()
    {
        ref var frame = ref _frames[--_depth];
        var members = _members.AsSpan(frame.FirstMember.._memberCount);
        _memberCount = frame.FirstMember;
        var shape = _shapes[_depth]!;
        if (frame.IsAsExpected && shape.OrderOf(members.Length) is { IsEmpty: false } order)
        {
            return _emptyObject.With(members, order);
        }

        MemberOrder.Sort(members);
        for (var i = 1; i < members.Length; i++)
        {
            if (members[i].Name == members[i - 1].Name)
            {
                Fault = DigestFault.DuplicateName;
                return default;
            }
        }

        if (frame.IsAsExpected)
        {
            shape.Keep(members);
        }

        return _emptyObject.With(members, default);
    }
}
