"""Words by which columns and events tell who may be written to: one line for each language, as `squeezed` has them.

A stem of `REFUSALS` or `CONSENTS` is looked for anywhere in a name, refusals first; a word of `ALONE`
tells only where it is the whole name. What a cell says beside a name is in `YES` and `NO`, and what tells
by itself in `GIVEN` and `REFUSED`.
"""

from __future__ import annotations

from typing import Final

from segmentation.rules.cell_words import NO_IN_LETTERS, YES_IN_LETTERS
from segmentation.sources.columns.state_words import words

#: parts of names of which a yes means: may not be written to
REFUSALS: Final = words("""
    unsubscri unsub unsubs opt_out opted_out opts_out opting_out do_not_contact do_not_email do_not_mail do_not_call
    do_not_sms do_not_text do_not_send do_not_market do_not_disturb do_not_bulk do_not_allow dont_contact dont_email dont_mail no_contact no_mail
    email_bounced email_blocked email_revoked marketing_blocked blocked_for_marketing stop_mail contact_forbidden
    exclude_from_mailing excluded_from_mailing excluded_from_marketing excluded_from_campaign exclude_from_marketing
    marketing_exclusion right_to_be_forgotten hard_bounced deceased
    no_email no_marketing no_newsletter no_sms suppressed suppression blacklist blocklist blacklisted spam_report
    spam_complaint complained not_contactable stop_mailing stop_email stop_sms refuses_marketing
    declines_marketing rejects_marketing marketing_objection robinson gone_away
    werbesperre mailsperre mailingsperre newslettersperre kontaktsperre versandsperre werbeverbot werbewiderspruch
    werbewiderruf widerspruch widerrufen abgemeldet abmeldung abmelde newsletterabmeldung keine_werbung kein_newsletter
    kein_kontakt keinen_kontakt newsletter_abbestell keine_mail keine_email kein_mailing email_gesperrt mail_gesperrt werbesperrkennzeichen nicht_mailen werbestopp mailstopp sperrkennzeichen sperrvermerk verstorben
    nicht_anschreiben nicht_kontaktieren werbeverweiger
    désabonn désinscri ne_pas_contacter ne_pas_solliciter stop_pub refuse_la_pub refuse_la_newsletter
    refuse_newsletter refus_mailing refus_newsletter refus_pub refus_démarchage ne_plus_contacter ne_pas_envoyer
    n_accepte_pas opposition_prospection opposition_mailing npai stop_email stop_sms décédé
    liste_rouge opposition_marketing opposition_pub bloctel
    desuscri cancelar_suscripción no_contactar no_molestar no_enviar dado_de_baja fecha_de_baja fecha_baja
    baja_newsletter baja_boletín baja_publicidad baja_comercial no_quiere_publicidad no_acepta fallecido rechaza_publicidad no_publicidad no_desea_publicidad lista_negra
    disiscri annulla_iscrizione non_contattare non_inviare no_pubblicità niente_pubblicità rifiuta_newsletter rifiuta_pubblicità deceduto opposizione revoca_consenso lista_nera
    uitgeschreven uitschrijving afgemeld afmelding niet_mailen niet_benaderen niet_contacteren geen_reclame
    geen_mail geen_email geen_nieuwsbrief niet_bulk overleden bezwaar bel_me_niet
    nie_wysyłać brak_zgody wypisan rezygnac sprzeciw nie_kontaktować bez_reklam cofnięcie_zgody cofnięta_zgoda
    descadastr cancelou_inscrição não_contatar não_perturbe
    avregistr avprenumer afmeldt avmeldt nix_telefon reklamspärr direktreklamspärr markkinointikielto ei_markkinointia
    отписан отписк отказ_от
""")
#: parts of names of which a yes means: may be written to
CONSENTS: Final = words("""
    consent opt_in opted_in opts_in newsletter subscribed subscriber subscribes email_subscri mail_subscri
    sms_subscri subscription_state is_subscri accepts_marketing accepts_email accepts_sms accepts_newsletter
    accepts_mail email_marketing marketing_email sms_marketing marketing_allowed marketing_permi
    marketing_prefer marketing_agree marketing_accept marketing_ok allow_marketing allows_marketing
    receive_marketing receives_marketing receive_email receive_offers wants_email wants_marketing wants_offers
    mailing_list mailing_allowed email_allowed mail_allowed sms_allowed contact_allowed email_updates email_signup
    marketing_sign_up contact_by_email contact_by_mail communication_preference communications_preference
    marketing_contact direct_marketing marketing_communication promotional_email promo_email offers_by_email
    receives_offers receives_news permission mailable emailable contactable can_email can_contact can_mail may_email
    may_contact may_mail ok_to_email ok_to_contact ok_to_mail allow_email allow_contact gdpr ccpa casl
    möchte_mail möchte_werbung akzeptiert_mail akzeptiert_werbung akzeptiert_marketing
    direktwerbung werbung_per werbekennzeichen email_werbung mailwerbung email_erlaubt mail_erwünscht email_erwünscht
    werbung_erwünscht kontaktaufnahme_per
    einwillig zustimmung einverstand werbeerlaub werbezustimm werbeeinverst werbefreigabe werbung_erlaubt
    werbung_ok kontakt_erlaubt mail_erlaubt anschreiben_erlaubt darf_angeschrieben rundbrief mailing_erlaubt kontakterlaubnis dsgvo
    accepte_la_newsletter accepte_la_pub accepte_les accepte_email accepte_mail accepte_sms accepte_courriel
    accepte_newsletter accepte_le accepte_de_recevoir accepte_marketing accepte_communications souhaite_recevoir
    infolettre lettre_information abonné_à est_abonné inscrit_à
    publicité_par_email pub_par_email offres_par_email consentement autorisation_email accord_mailing accord_commercial
    publipostage optin_email ok_mailing
    rgpd autorise_ acceptation_marketing
    publicidad_por permite_publicidad permite_comunicaciones permiso_marketing recibir_ofertas consentimiento consentimento
    acepta_publicidad acepta_marketing acepta_email acepta_mail acepta_sms acepta_newsletter acepta_correo
    acepta_ofertas desea_recibir acepta_recibir acepta_comunicaciones suscrito suscripto
    suscripción_boletín boletín consiente autoriza_
    werbung_erhalten werbung_bekommen angebote_erhalten
    recevoir_de_la_pub recevoir_de_pub recevoir_la_pub recevoir_pub recevoir_des_pub recevoir_les_pub recevoir_les_offres recevoir_des_offres
    recevoir_offres recevoir_les_emails recevoir_des_emails recevoir_les_mails recevoir_des_mails recevoir_les_communications recevoir_des_communications
    recibir_publicidad recibe_publicidad recibir_comunicaciones recibir_email recibir_correo recibir_mail recibir_promociones
    ricevere_pubblicità riceve_pubblicità ricevere_offerte ricevere_email ricevere_comunicazioni ricevere_promozioni
    reclame_ontvangen reclame_ontvangt aanbiedingen_ontvangen mails_ontvangen ontvang_reclame
    otrzymywać_reklam otrzymuje_reklam otrzymywać_ofert
    marketing_diretto privacy_marketing iscritto_newsletter
    consens accetta_email accetta_mail accetta_sms accetta_le accetta_di_ricevere accetta_offerte
    desidera_ricevere accetta_marketing accetta_pubblicità accetta_comunicazioni accetta_newsletter iscritto_alla iscrizione_newsletter
    autorizza_
    wil_mail wil_email wil_sms wil_reclame accepteert_mail accepteert_email
    mailing_toegestaan reclame_toegestaan email_toegestaan mag_mailen
    nieuwsbrief toestemming akkoord_met mag_mailen mag_gemaild aangemeld_voor
    rodo zgod biuletyn zapisany_na zapisan_na
    boletim aceita_email aceita_sms aceita_newsletter deseja_receber aceita_marketing aceita_receber aceita_publicidade lgpd
    samtyck samtykke nyhetsbrev nyhedsbrev tilmeldt suostum uutiskirje markkinointilupa
    suoramarkkinointilupa reklam_via marketingtilladelse e_posta_izni ileti_izni
    souhlas hozzájárul hírlevél acord_marketing
    согласие рассылк подписан подписка メールマガジン メルマガ
""")
#: names that say so only where nothing stands beside them
ALONE: Final = words("""
    marketing mailing mailings werbung reclame publicité publicidad pubblicità reklama reklamy pub subscription
    abonné abonnée abonniert angemeldet inscrit inscrite suscrito iscritto aangemeld ingeschreven zapisany
    accepte acepta accetta akkoord mail_ok email_ok sms_ok doi double_opt_in
""")
#: whole names of which a yes means: may not be written to
ALONE_REFUSALS: Final = words(
    "deaktiviert_am deaktiviert deactivated deactivated_at dnc dnm dne dnd suppress gesperrt baja bounce bounced hard_bounce complaint spam abgemeldet stop"
)
#: parts of names that tell of a consent in customers, and in orders of what was bought
OF_ORDERS: Final = words("subscription is_subscri subscribed subscriber permission")
#: words beside a consent by which a yes means: may not
TURNED: Final = words("""
    withdrawal withdraws deletion deleted erasure erased bounced blocked disabled deactivated excluded ended
    gesperrt sperre gekündigt deaktiviert abgemeldet austragung löschung gelöscht widerruf widerspruch kündigung
    retrait retiré retirée résilié supprimé bloqué désactivé baja revocación retirada bloqueado desactivado
    revoca bloccato disattivato intrekking geblokkeerd wycofanie brak zablokowany återkallat odvolání souhlasu_odvolání
    no not non never without stop refuse refused refuses declined denied revoked withdrawn withdrew cancelled
    canceled removed kein keine keinen nicht ohne abbestellt widerrufen verweigert abgelehnt pas sans refusé refuse
    sin retirado cancelado senza rifiutato revocato geen niet zonder ingetrokken opgezegd nie bez cofnięta cofnięto
    não ikke inte utan ei
    ne_pas ne_plus ne_souhaite_pas ne_souhaite_plus ne_veut_pas ne_veut_plus ne_désire_pas n_accepte_pas
""")
#: words beside them that change nothing
NEUTRAL: Final = words("""
    date time timestamp day at on in is has was did to of for from by via the a and or my our flag state status
    yesno email emails mail mails e post sms whatsapp phone telephone text customer client user member contact
    marketing newsletter newsletters mailing mailings advertising promotional commercial communication
    communications offers list current requested received confirmed global general all double single opt web
    werbe kennzeichen privacy datum zeit uhr zeitpunkt der die das dem den des zur zum für per von am um seit mit und ist hat kunde kundin
    beantragt erteilt erlaubt erwünscht bestätigt werbung telefon brief postalisch anmeldung angemeldet
    eintragung kontakt aktuell marketingeinwilligung
    le la les de du des un une pour par et est a heure client cliente courriel publicité commerciale accordé
    el los las por para y es fecha hora correo electrónico cliente publicidad comercial
    il lo gli di del della per e data ora cliente pubblicità commerciale posta
    de het een voor van op en is klant datum tijd reclame aanmelding
    na do i w z jest data klient klienta marketingowa marketingowe elektroniczna telefoniczna
    o os as para do da dos das comercial
    till för och av
    buyer buyers shopper consumer guest account profile person people recipient accepts accept agrees wants want wishes
    käufer käuferin besteller empfänger mitglied nutzer benutzer konto person gast akzeptiert möchte wünscht will erhalten erhält bekommen
    acheteur acheteuse utilisateur membre compte destinataire accepte souhaite veut désire recevoir reçoit
    comprador compradora usuario usuaria miembro cuenta destinatario acepta desea quiere recibir recibe
    acquirente utente membro destinatario accetta desidera vuole ricevere riceve
    koper gebruiker lid ontvanger accepteert wil wenst ontvangen ontvangt
    kupujący nabywca użytkownik odbiorca chce otrzymuje otrzymywać akceptuje
""")
#: and those that stand beside one of them where a name only says how it is filled: Newsletter (yes/no)
BOTH: Final = words("yes ja oui si tak sim y j")
#: how the stems above go on
ENDINGS: Final = words("""
    s e d n t a o y es ed en er te be bed bes ber ing ung ungen ungs igung ion ions tion tions ption ptions
    ado ada ato ata ate ee ees ement ements miento mento amento zione azione cion acion ja as us
    te to tto tta erad ad elser else ы а и у е
""")
#: names with these are about something else, unless one of `OF_MAILS` stands beside them: then nobody knows
OTHER: Final = words(
    "cookie cookies terms agb cgv tos conditions age plan price fee payment shipping order returns"
)
#: words of channels that are no mail
OTHER_CHANNELS: Final = words("""
    sms text texts phone telefon telefono teléfono téléphone telefoon call calls whatsapp post postal postalisch
    brief postbrief courrier postale correo_postal push fax dm
""")
#: names of columns that say of which channel the consent of a row is
CHANNELS: Final = words("""
    channel channels kanal canal canale kanaal kanał type typ kind art tipo medium consent permission marketing communication contact
    of kontakt kommunikation de di consentement consentimiento consenso toestemming zgody name code
""")
MAIL: Final = words("email emails mail mails newsletter marketing courriel nieuwsbrief boletín")
OF_MAILS: Final = words(
    "newsletter marketing mailing mailings werbung publicité publicidad pubblicità reclame"
)
#: words by which a name tells of the sending, of its texts or of a person, where cells are no yes or no
OF_SENDING: Final = words("""
    source channel campaign topic topics interest interests theme id ids uuid name language lang locale
    frequency interval count counts number total received sent opens opened clicks clicked open click rate
    score version ip url link segment template subject provider device reason comment note text address
    erhalten quelle kanal kampagne thema themen sprache häufigkeit anzahl nummer grund bemerkung adresse
    canal campagne thème langue fréquence nombre motif raison campaña tema idioma frecuencia número motivo
    canale campagna lingua frequenza numero kanaal campagne onderwerp taal frequentie aantal reden
""")
#: what cells say beside a name
YES: Final = words(" ".join(YES_IN_LETTERS)) | words("""
    1 1.0 accepted agreed allowed permitted ok zugestimmt erlaubt accepté acepta accettato akkoord
""")
NO: Final = words(" ".join(NO_IN_LETTERS)) | words("0 0.0 never none")
#: what cells say by themselves, of who may be written to
GIVEN: Final = words("""
    subscribed subscriber opted_in opt_in optin double_opt_in single_opt_in consented consent_given confirmed granted given
    explicit implicit active enabled aktiv actif active activo attivo actief aktywny confirmed_opt_in
    angemeldet abonniert eingewilligt erteilt bestätigt abonné abonnée inscrit inscrite suscrito suscrita
    iscritto iscritta aangemeld ingeschreven zapisany zapisana udzielona
    erlaubt zulassen allow marketing_contact valid onay
    double single doi confirmé confirmée confirmado confermato bevestigd potwierdzony potwierdzona
""")
#: of who may not, or of whom nobody knows it yet
REFUSED: Final = words("""
    unsubscribed opted_out opt_out optout not_subscribed non_subscribed never_subscribed unconfirmed consent_denied denied declined
    refused rejected revoked withdrawn suppressed bounced hard_bounced cleaned complained spam pending
    not_set unknown do_not_contact inactive disabled inaktiv inactif inactivo inattivo inactief nieaktywny
    abgemeldet widerrufen verweigert abgelehnt ausstehend unbestätigt nicht_bestätigt offen gesperrt blocked blockiert non_confirmé
    no_confirmado non_confermato niet_bevestigd niepotwierdzony geblokkeerd zablokowany bloqué bloqueado bloccato
    désabonné désabonnée désinscrit désinscrite refusé plainte plaintes
    untersagt verboten nicht_erlaubt nicht_zulassen do_not_allow not_allowed forbidden non_marketing_contact
    hard_bounce soft_bounce spam_complaint spam_report complaint invalid keine ret
    redacted erased deleted removed marked_as_spam spammed never_asked not_asked
    awaiting_confirmation undeliverable no_consent
    gelöscht abbestellt nie_gefragt nicht_gefragt wartend in_prüfung nein_danke abgemeldet_am beschwerde unzustellbar
    en_attente supprimé retiré plainte_spam non_renseigné jamais_demandé non_merci invalide
    pendiente baja_voluntaria eliminado rebotado queja no_válido no_consultado revocado no_gracias
    in_attesa revocato reclamo non_valido mai_chiesto no_grazie
    in_afwachting verwijderd ingetrokken klacht ongeldig nooit_gevraagd nee_bedankt
    oczekuje oczekujący usunięty cofnięta skarga nieprawidłowy
    dado_de_baja baja desuscrito disiscritto disiscritta uitgeschreven afgemeld wypisany wypisana odmowa
""")
#: words of mails and the like: beside one of `TURNED` they are a refusal in a list
CONTACTS: Final = words("""
    email emails mail mails newsletter newsletters marketing mailing mailings advertising ads
    contact contacting communication communications werbung kontakt kontaktieren anschreiben mailen werbemails
    courriel courriels publicité pub prospection contacter communication correo correos publicidad boletín contacto
    contactar comunicaciones pubblicità contatto contattare posta comunicazioni reclame nieuwsbrief
    reklam reklamy biuletyn kontaktu maili
    nl list liste lista listę schreiben écrire ecrire escribir scrivere schrijven write
""")
#: and words beside which they may be one
OFFERED: Final = words("""
    offer offers promo promos promotion promotions deals sms calls phone angebot angebote anrufe telefon brief offres promotions appels
    ofertas promociones llamadas offerte promozioni chiamate aanbiedingen telefoontjes oferty ofert połączeń
""")
#: words by which an item of a list may be a refusal: a person decides
LIKELY: Final = words("""
    withdrawn revoked blocked suppressed redacted erased erasure deleted bounced bounce bounces cleaned invalid complained complaint
    complaints spam optedout declined unsub unsubs forbidden
    gesperrt sperre gesperrte sperrliste gelöscht widerrufen widerruf abbestellt beschwerde verweigert abgelehnt
    bloqué supprimé effacé retiré plainte refus refusé opposition bloqueado suprimido eliminado retirado queja revocado
    bloccato cancellato revocato rifiutato reclamo geblokkeerd verwijderd ingetrokken klacht geweigerd opgezegd
    zablokowany usunięty cofnięta skarga sprzeciw
""")
#: of these what tells whatever the column is called
SURE: Final = words("""
    subscribed unsubscribed opted_in opted_out opt_in opt_out optin optout not_subscribed never_subscribed
    double_opt_in consent_given consent_denied désabonné désinscrit desuscrito disiscritto uitgeschreven
    do_not_contact non_marketing_contact
""")
#: in names of columns that hold several words in one cell
LISTS: Final = words("""
    tag tags list lists label labels group groups segment segments keyword keywords
    schlagwort schlagwörter liste listen gruppen étiquette étiquettes listes groupes etiqueta etiquetas listas grupos
    etichetta etichette elenchi gruppi lijst lijsten labels groepen etykieta etykiety lista listy grupy
""")
#: parts of the names of events that are a no
EVENTS: Final = REFUSALS | words("""
    complain spam abuse_report beschwerde plainte queja klacht skarga reclamo consent_revoked consent_withdrawn
    revoke_consent withdraw_consent newsletter_cancel unsub hard_bounce consent_withdrawal newsletter_off
    widerruf newsletter_kündig newsletter_abbestell baja_de uitschrijv wypis désabonnement
""")
