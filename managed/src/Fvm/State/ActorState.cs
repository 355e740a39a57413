using System.Diagnostics.CodeAnalysis;
using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// An actor in the state tree. In CBOR: code, state, sequence, balance, and from <see cref="StateTreeVersion.V5"/> on the delegated
/// address or null (reference: <c>shared/src/state</c>). Immutable: change it with <c>with</c>.
/// </summary>
public sealed record ActorState
{
    private const int FieldCountV4 = 4;
    private const int FieldCountV5 = 5;

    // Apart, so that versions of an actor share it: a transfer makes seven that differ in sequence and balance.
    private Links _links;

    public ActorState() => _links = Links.None;

    [SetsRequiredMembers]
    private ActorState(Links links) => _links = links;

    /// <summary>The CID of its code.</summary>
    public required Cid Code
    {
        get => _links.Code;
        init => _links = _links with { Code = value };
    }

    /// <summary>The root of the actor's own state.</summary>
    public required Cid State
    {
        get => _links.State;
        init => _links = _links with { State = value };
    }

    /// <summary>The nonce: for accounts, the number of messages sent.</summary>
    public ulong Sequence { get; init; }

    public TokenAmount Balance { get; init; }

    /// <summary>The delegated (f4) address, if any.</summary>
    public Address? DelegatedAddress
    {
        get => _links.DelegatedAddress;
        init => _links = _links with { DelegatedAddress = value };
    }

    /// <summary>A new actor with empty state and zero balance.</summary>
    public static ActorState NewEmpty(in Cid code, Address? delegatedAddress) => new(new Links(code, EmptyState.Cid, delegatedAddress));

    /// <summary>Decodes an actor, which must span all of <paramref name="bytes"/>.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static ActorState Decode(ReadOnlySpan<byte> bytes, StateTreeVersion version)
    {
        CborReader reader = new(bytes);
        ActorState actor = ReadFrom(ref reader, version);
        reader.EnsureEnd();
        return actor;
    }

    /// <summary>Reads an actor.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static ActorState ReadFrom(ref CborReader reader, StateTreeVersion version)
    {
        bool hasAddress = HasDelegatedAddress(version);
        reader.ReadArrayHeader(hasAddress ? FieldCountV5 : FieldCountV4);
        Cid code = reader.ReadCid();
        Cid state = reader.ReadCid();
        ulong sequence = reader.ReadUInt();
        TokenAmount balance = CborFields.ReadAmount(ref reader);
        Address? address = !hasAddress || reader.TryReadNull() ? null : CborFields.ReadAddress(ref reader);
        return new ActorState(new Links(code, state, address)) { Sequence = sequence, Balance = balance };
    }

    /// <exception cref="OverflowException">The balance is too large to be encoded.</exception>
    public void WriteTo(CborWriter writer, StateTreeVersion version)
    {
        bool hasAddress = HasDelegatedAddress(version);
        writer.WriteArrayHeader(hasAddress ? FieldCountV5 : FieldCountV4);
        writer.WriteCid(Code);
        writer.WriteCid(State);
        writer.WriteUInt(Sequence);
        CborFields.WriteAmount(writer, Balance);
        if (!hasAddress)
        {
            return;
        }

        if (DelegatedAddress is Address address)
        {
            CborFields.WriteAddress(writer, address);
        }
        else
        {
            writer.WriteNull();
        }
    }

    /// <exception cref="OverflowException">The balance is too large to be encoded.</exception>
    public byte[] Encode(StateTreeVersion version)
    {
        CborWriter writer = new(160);
        WriteTo(writer, version);
        return writer.ToArray();
    }

    /// <summary>The actor with its balance reduced.</summary>
    /// <param name="amount">The amount, in attoFIL.</param>
    /// <param name="messages">The number of messages that its nonce counts in addition.</param>
    /// <exception cref="FatalException">The amount is negative or exceeds the balance: the caller must check.</exception>
    public ActorState Deduct(in TokenAmount amount, ulong messages = 0)
    {
        if (amount.IsNegative || Balance < amount)
        {
            throw new FatalException($"cannot deduct {amount.ToFil()} from a balance of {Balance.ToFil()}");
        }

        return this with { Balance = Balance - amount, Sequence = Sequence + messages };
    }

    /// <summary>The actor with its balance increased.</summary>
    /// <exception cref="FatalException">The amount is negative: the caller must check.</exception>
    public ActorState Deposit(in TokenAmount amount) => amount.IsNegative
        ? throw new FatalException($"cannot deposit a negative amount of {amount.ToFil()}")
        : this with { Balance = Balance + amount };

    /// <inheritdoc/>
    // The numbers first: of two versions of an actor, they differ.
    public bool Equals(ActorState? other) => ReferenceEquals(this, other)
        || (other is not null
            && Balance == other.Balance
            && Sequence == other.Sequence
            && (ReferenceEquals(_links, other._links) || _links.Equals(other._links)));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_links, Sequence, Balance);

    private static bool HasDelegatedAddress(StateTreeVersion version) => version == StateTreeVersion.V5;

    private sealed record Links(Cid Code, Cid State, Address? DelegatedAddress)
    {
        public static readonly Links None = new(default, default, null);
    }
}
